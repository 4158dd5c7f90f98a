// Puts the files of the page /api/docs into dist/docs-ui, after vite: ours and those of Swagger UI.
// They are no part of the bundle of the web UI; only that page loads them.
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "dist", "docs-ui");
const swagger = join(root, "node_modules", "swagger-ui-dist");

mkdirSync(target, { recursive: true });
cpSync(join(root, "docs-ui"), target, { recursive: true });
for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"]) cpSync(join(swagger, name), join(target, name));
// The licence wants its own text and the notices to go along.
cpSync(join(swagger, "LICENSE"), join(target, "swagger-ui.LICENSE.txt"));
cpSync(join(swagger, "NOTICE"), join(target, "swagger-ui.NOTICE.txt"));
cpSync(join(swagger, "swagger-ui-bundle.js.LICENSE.txt"), join(target, "swagger-ui-bundle.js.LICENSE.txt"));
