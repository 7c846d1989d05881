/** Copies of sessions in a DynamoDB table: the only code that knows the AWS SDK. Its classes are loaded when it is configured. */
@NullMarked
package dev.segno.shopping.dynamodb;

import org.jspecify.annotations.NullMarked;
