// Writes src/generated/segno-api.ts (types) and src/generated/operations.ts (method and path of each operation) from the
// OpenAPI document of the server. `--check` writes nothing and fails where they are not up to date.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { parse } from "yaml";

const document = new URL("../../resources/openapi/segno.yaml", import.meta.url);
const folder = new URL("../src/generated/", import.meta.url);
const NOTE = "// Generated from segno.yaml by `npm run generate`; not to be edited.\n";

async function contents() {
  const types = NOTE + astToString(await openapiTS(document, { alphabetize: true }));
  const { paths } = parse(await readFile(document, "utf8"));
  const operations = Object.entries(paths)
    .flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, operation]) => operation?.operationId)
        .map(([method, operation]) => [operation.operationId, `${method.toUpperCase()} ${path}`]),
    )
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const table =
    `${NOTE}export const OPERATIONS = {\n` +
    operations.map(([id, address]) => `  ${id}: ${JSON.stringify(address)},\n`).join("") +
    "} as const;\n";
  return { "segno-api.ts": types, "operations.ts": table };
}

const check = process.argv.includes("--check");
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(await contents())) {
  const file = new URL(name, folder);
  if (!check) {
    await writeFile(file, text);
  } else if ((await readFile(file, "utf8")) !== text) {
    console.error(`${name} is not what segno.yaml says: run npm run generate`);
    process.exitCode = 1;
  }
}
