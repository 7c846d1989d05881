// Installs a packed client in an empty project and checks what its users see: the files, the types in both ways of resolving
// modules, the examples of the README, and that to import it loads no React and keeps no process alive.
//   node scripts/check-package.mjs FOLDER     where npm pack has put it
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("../", import.meta.url));
const folder = resolve(process.argv[2] ?? ".");
const { version } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
const tarball = join(folder, `segno-client-${version}.tgz`);
const project = await mkdtemp(join(tmpdir(), "segno-client-user-"));

/** Output of a program in the project; fails with it unless the program succeeds. */
function run(program, ...args) {
  try {
    return execFileSync(program, args, { cwd: project, encoding: "utf8", timeout: 120_000, stdio: "pipe" });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
}

try {
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "user", type: "module", private: true }));
  run("npm", "install", "--offline", "--no-audit", "--no-fund", "--legacy-peer-deps", tarball);
  const installed = join(project, "node_modules/@segno/client");
  const files = await readdir(installed, { recursive: true });
  for (const wanted of ["README.md", "package.json", "dist/index.js", "dist/index.d.ts", "dist/react.js", "dist/react.d.ts"]) {
    assert.ok(files.includes(wanted), `${wanted} is missing`);
  }
  const strange = files.filter((file) => !/^(README[.]md|package[.]json|dist|dist[/].*)$/.test(file) || /test/.test(file));
  assert.deepEqual(strange, []);
  assert.deepEqual(await readdir(join(project, "node_modules/@segno")), ["client"]);
  assert.ok(!(await readdir(join(project, "node_modules"))).includes("react"));

  await writeFile(
    join(project, "import.js"),
    `import { createServiceOrchestrator, serviceOrchestrator, SegnoClient } from "@segno/client";
     if (typeof createServiceOrchestrator !== "function" || !serviceOrchestrator || !SegnoClient) process.exit(1);`,
  );
  run(process.execPath, "import.js");

  // The example of the hook is in React, whose types a user has.
  await symlink(join(home, "node_modules/@types"), join(project, "node_modules/@types"));
  const examples = [...(await readFile(join(home, "README.md"), "utf8")).matchAll(/^```(tsx?)\n([^]*?)^```$/gm)];
  assert.ok(examples.length >= 3);
  for (const [number, [, kind, text]] of examples.entries()) {
    await writeFile(join(project, `example-${number}.${kind}`), text);
  }
  for (const [module, resolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    const options = {
      strict: true, noEmit: true, target: "es2022", module, moduleResolution: resolution, jsx: "react-jsx",
      lib: ["es2022", "dom"], types: [], skipLibCheck: false, exactOptionalPropertyTypes: true,
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts", "*.tsx"] }));
    run(process.execPath, join(home, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json");
  }
  console.log(`${tarball} is good: ${files.length} files, ${examples.length} examples`);
} finally {
  await rm(project, { recursive: true, force: true });
}
