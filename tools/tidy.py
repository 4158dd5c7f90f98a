#!/usr/bin/env python3
"""Checks what a compiler does not: who may include whom, sizes, dead files, texts of the tree.

    tools/tidy.py [ROOT]        prints `file:line: rule: what` for each finding, exit code 1

A line `// tidy:allow <rule>: <reason>` above a long function or anywhere in a long file allows it.
Rules: arrow owner function file column dead readme languages host lockfile skipped
"""
import os
import re
import shutil
import subprocess
import sys

CAPABILITIES = {"alarm", "storage", "opcua", "mail", "cache"}
FEATURES = {"plc", "gateway", "collector", "web"}
LOWER = {"model", "base"}
# Which rooms of src/ a room may include, itself apart.
ALLOWED = {"base": set(), "model": {"base"}}
ALLOWED.update({room: LOWER for room in CAPABILITIES})
ALLOWED.update({room: CAPABILITIES | LOWER for room in FEATURES})
# Inside src/plc the compiler does not know the runtime, nor the front end the back end.
PLC_ALLOWED = {"lang": set(), "codegen": {"lang"}, "runtime": {"lang", "codegen"}}

# Who may include a third-party library: pattern of the include, folders that own it.
OWNERS = [
    (r"open62541", ["src/opcua/"]),
    (r"mbedtls/", ["src/opcua/"]),
    (r"llvm(-c)?/", ["src/plc/codegen/"]),
    (r"(SQLiteCpp|sqlite3|mysql|mariadb|zstd)", ["src/storage/"]),
    (r"date/", ["src/storage/rollup/"]),
    (r"boost/(beast|asio)", ["src/web/"]),
    (r"crypt\.h|openssl/", ["src/web/", "src/storage/backup/"]),
    (r"curl/", ["src/mail/"]),
    (r"hiredis/", ["src/cache/"]),
    (r"modbus", ["src/gateway/", "src/plc/runtime/"]),
    (r"CLI/", ["apps/"]),
]

# Where git cannot say what is source: the folders of .gitignore.
NOT_SOURCE = {"node_modules", "build", "dist", ".git", "data", "logs", "run", "__pycache__"}

CODE = (".cpp", ".hpp", ".inc")
MEASURED = CODE + (".py", ".sh", ".ts", ".vue", ".mjs", ".st", ".cmake")
MAX_FILE, MAX_FUNCTION, MAX_README, MAX_FRONT_README = 600, 70, 30, 100
# Templates of the web pages carry lists of style classes that read better on one line.
MAX_COLUMN, MAX_WEB_COLUMN, WEB = 100, 120, (".ts", ".vue", ".mjs")


class Tree:
    """The tracked and the new files of a folder, as text."""

    def __init__(self, root):
        self.root = root
        self.files = {}
        for path in sorted(self._names()):
            try:
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    self.files[path] = file.read()
            except (UnicodeDecodeError, OSError):
                pass  # A picture, or deleted but not yet committed.

    def _names(self):
        if shutil.which("git"):
            command = ["git", "-C", self.root, "ls-files", "-co", "--exclude-standard"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return done.stdout.split("\n")[:-1]
        found = []  # A source archive, or a machine without git.
        for folder, folders, names in os.walk(self.root):
            folders[:] = [f for f in folders if f not in NOT_SOURCE]
            found += [os.path.relpath(os.path.join(folder, n), self.root) for n in names]
        return found

    def code(self):
        return {p: t for p, t in self.files.items()
                if p.endswith(CODE)
                and p.startswith(("src/", "apps/", "tests/", "bench/", "fuzz/"))}


def includes(text):
    """(line number, path) of every include."""
    for number, line in enumerate(text.split("\n"), 1):
        found = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if found:
            yield number, found.group(1)


def allows(text, rule):
    return f"tidy:allow {rule}:" in text


def check_arrow(tree):
    for path, text in tree.code().items():
        parts = path.split("/")
        if parts[0] != "src":
            continue
        room = parts[1]
        for number, target in includes(text):
            wanted = target.split("/")
            if wanted[0] == "apps":
                yield path, number, f"src must not know {target}"
            elif wanted[0] in ALLOWED and wanted[0] != room:
                if wanted[0] not in ALLOWED.get(room, set()):
                    yield path, number, f"{room} must not include {target}"
            elif room == "plc" and wanted[0] == "plc" and wanted[1] in PLC_ALLOWED:
                if parts[2] in PLC_ALLOWED and wanted[1] != parts[2]:
                    if wanted[1] not in PLC_ALLOWED[parts[2]]:
                        yield path, number, f"plc/{parts[2]} must not include {target}"


def check_owner(tree):
    for path, text in tree.code().items():
        if not path.startswith(("src/", "apps/")):
            continue
        for number, target in includes(text):
            for pattern, folders in OWNERS:
                if re.match(pattern, target) and not path.startswith(tuple(folders)):
                    yield path, number, f"only {' and '.join(folders)} may include {target}"
        if path.startswith("src/"):
            for number, line in enumerate(text.split("\n"), 1):
                if re.search(r"\b(secure_)?getenv\s*\(", line):
                    yield path, number, "only apps/ reads the environment"


def without_comments_and_strings(text):
    """The same lines and columns, with comments, strings and characters blanked."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/'                      # comments
        r'|R"(\w*)\(.*?\)\1"'                       # raw strings
        r'|"(?:\\.|[^"\\\n])*"'                      # strings
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",      # characters, but not 1'000
        re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)


def functions(text):
    """(first line, last line) of every outermost function body; good enough for our style."""
    clean = without_comments_and_strings(text)
    clean = re.sub(r"^[ \t]*#[^\n]*(\\\n[^\n]*)*",
                   lambda m: re.sub(r"[^\n]", " ", m.group(0)), clean, flags=re.M)
    head_start, scopes, inside = 0, [], None
    for at, char in enumerate(clean):
        if char == "{":
            head = clean[head_start:at]
            is_type = re.search(r"\b(namespace|class|struct|enum|union|extern)\b[^()]*$", head)
            is_body = "(" in head and not is_type and not re.search(r"=\s*$", head)
            if inside is None and is_body:
                start = head_start + len(head) - len(head.lstrip())
                inside = (len(scopes), clean.count("\n", 0, start) + 1)
            scopes.append(at)
            head_start = at + 1
        elif char == "}" and scopes:
            scopes.pop()
            if inside is not None and len(scopes) == inside[0]:
                yield inside[1], clean.count("\n", 0, at) + 1
                inside = None
            head_start = at + 1
        elif char == ";" and inside is None:
            head_start = at + 1


def check_function(tree):
    for path, text in tree.code().items():
        lines = text.split("\n")
        for first, last in functions(text):
            above = "\n".join(lines[max(0, first - 4):first])
            if last - first + 1 > MAX_FUNCTION and not allows(above, "function"):
                yield path, first, f"function of {last - first + 1} lines, limit {MAX_FUNCTION}"


def measured(tree):
    """Sources that people read; Structured Text that tests and benchmarks feed in is data."""
    return {p: t for p, t in tree.files.items()
            if p.endswith(MEASURED) and not re.match(r"(tests|bench|fuzz)/.*\.st$", p)}


def check_file(tree):
    for path, text in measured(tree).items():
        count = text.count("\n")
        if count > MAX_FILE and not allows(text, "file"):
            yield path, count, f"{count} lines, limit {MAX_FILE}"


def check_column(tree):
    for path, text in measured(tree).items():
        limit = MAX_WEB_COLUMN if path.endswith(WEB) else MAX_COLUMN
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > limit and not allows(text, "column"):
                yield path, number, f"{len(line)} columns, limit {limit}"


def check_dead(tree):
    used = set()
    for path, text in tree.code().items():
        for _, target in includes(text):
            used.add(target)
            used.add(os.path.normpath(os.path.join(os.path.dirname(path), target)))
    for path in tree.code():
        if path.endswith((".hpp", ".inc")) and path not in used:
            if re.sub(r"^src/", "", path) not in used:
                yield path, 1, "nobody includes this file"
    for path in tree.files:
        if re.match(r"tools/[^/]+\.(py|sh|mjs)$", path):
            name = os.path.basename(path)
            if not any(name in text for other, text in tree.files.items() if other != path):
                yield path, 1, "nobody mentions this tool"


def rooms(tree):
    """Folders whose CMakeLists.txt declares a room."""
    for path, text in tree.files.items():
        folder = os.path.dirname(path)
        if path.endswith("/CMakeLists.txt") and path.startswith(("src/", "apps/")):
            if re.search(r"^\s*wl_room\(", text, re.M):
                yield folder


def check_readme(tree):
    found = set(rooms(tree))
    for folder in sorted(found):
        path = folder + "/README.md"
        if path not in tree.files and os.path.dirname(folder) in found:
            continue  # A room inside a room may be explained by the outer one.
        if path not in tree.files:
            yield path, 1, "a room needs a README.md"
        elif tree.files[path].count("\n") > MAX_README:
            yield path, 1, f"{tree.files[path].count(chr(10))} lines, limit {MAX_README}"


def outline(text):
    """Levels of the headings and the code blocks, without comments in them."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    commands = [[re.sub(r"\s+#.*", "", line) for line in block.split("\n")
                 if re.match(r"(\./|git |build/|wattline )", line)] for block in blocks]
    return {"headings": [len(h) for h in re.findall(r"^(#+) ", prose, re.M)],
            "commands": commands,
            "pictures": len(re.findall(r"!\[[^\]]*\]\([^)]+\)", prose))}


def check_languages(tree):
    english, chinese = tree.files.get("README.md"), tree.files.get("README.zh-CN.md")
    if english is None or chinese is None:
        return
    for path, text, other in (("README.md", english, "README.zh-CN.md"),
                              ("README.zh-CN.md", chinese, "README.md")):
        if other not in text.split("\n", 1)[0]:
            yield path, 1, f"the first line has to link {other}"
        if text.count("\n") > MAX_FRONT_README:
            yield path, 1, f"more than {MAX_FRONT_README} lines"
    left, right = outline(english), outline(chinese)
    for part, value in left.items():
        if value != right[part]:
            yield "README.zh-CN.md", 1, f"{part} differ from README.md: {right[part]} / {value}"


# Written in pieces, so that this file does not find itself.
FOREIGN = re.compile("/wo" + r"rk/|/tm" + r"p/b-\w|https?://[^/\s\"']*"
                     r"(npmjs|npmmirror|regis" + r"try|artifactory|nexus|verdaccio)[^\s\"']*")


def check_host(tree):
    for path, text in tree.files.items():
        for number, line in enumerate(text.split("\n"), 1):
            found = FOREIGN.search(line)
            if found:
                yield path, number, f"names a host or path of one machine: {found.group(0)}"


def check_lockfile(tree):
    for path, text in tree.files.items():
        if path.endswith("package-lock.json"):
            for number, line in enumerate(text.split("\n"), 1):
                if '"resol' + 'ved": "http' in line:
                    yield path, number, "a lock file must not name a host"


SKIPPED = re.compile(r"GTEST_" + r"SKIP|\bDISABLED_\w+|\b(it|test|describe)\.(skip|only|todo)\(")


def check_skipped(tree):
    for path, text in tree.files.items():
        if re.search(r"(_test\.cpp|\.(test|spec)\.\w+|^tests/.*\.(mjs|py))$", path):
            for number, line in enumerate(text.split("\n"), 1):
                if SKIPPED.search(line):
                    yield path, number, "a test that does not run proves nothing"


RULES = {name[6:]: check for name, check in list(globals().items()) if name.startswith("check_")}


def findings(root):
    tree = Tree(root)
    for rule, check in RULES.items():
        for path, number, what in check(tree):
            yield f"{path}:{number}: {rule}: {what}"


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = list(findings(sys.argv[1] if len(sys.argv) > 1 else here))
    for line in found:
        print(line)
    print(f"{len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
