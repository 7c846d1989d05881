/**
 * Notices: who was to be told what, by which channel, and whether that came about. Plain Java; the store that keeps them is
 * behind {@link dev.segno.notice.NoticeLog}.
 */
@NullMarked
package dev.segno.notice;

import org.jspecify.annotations.NullMarked;
