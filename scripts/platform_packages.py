"""Complete a package-lock.json by the platform packages that npm has left out.

    python scripts/platform_packages.py frontend/package-lock.json

Native packages come as one optional dependency for each platform. npm leaves those out of the lock that the registry at
hand does not serve (a mirror may keep one platform only), and `npm ci` then refuses the lock, on every platform. What
an entry needs to say (version, system, processor) stands in its parent and in its name.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

SYSTEMS = ("android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32", "aix")
PROCESSORS = ("arm64", "x64", "ia32", "ppc64", "s390x", "riscv64", "loong64", "mips64el", "wasm32", "arm")


def entry(name: str, version: str, parent: dict[str, Any]) -> dict[str, Any]:
    """The lock's entry of a platform package."""
    words = re.split(r"[-/]", name)
    found: dict[str, Any] = {"version": version}
    for key, known in (("cpu", PROCESSORS), ("os", SYSTEMS)):
        if named := [word for word in known if word in words]:
            found[key] = named[:1]
    if "musl" in words or "gnu" in words:
        found["libc"] = ["musl" if "musl" in words else "glibc"]
    kept = {key: parent[key] for key in ("dev", "license") if key in parent}
    return dict(sorted((found | kept | {"optional": True}).items(), key=lambda item: (item[0] != "version", item[0])))


def complete(lock: dict[str, Any]) -> int:
    """Add what is missing to a lock; returns how many entries that are."""
    packages: dict[str, dict[str, Any]] = lock["packages"]
    missing = {
        f"node_modules/{name}": entry(name, version, parent)
        for path, parent in packages.items()
        if path
        for name, version in parent.get("optionalDependencies", {}).items()
        if not any(known.endswith(f"node_modules/{name}") for known in packages)
    }
    lock["packages"] = dict(sorted((packages | missing).items()))
    return len(missing)


def main() -> None:
    """Complete the lock that is named."""
    path = Path(sys.argv[1])
    lock = json.loads(path.read_text(encoding="utf-8"))
    count = complete(lock)
    if count:
        path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{path}: added {count} platform packages that the registry at hand does not serve")


if __name__ == "__main__":
    main()
