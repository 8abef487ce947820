"""Rules over the source that no linter brings: each finds the lines that break it."""

import ast


def _calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _name(node):
    """The last word of what is called or named: `logger.info` -> "info"."""
    return getattr(node, "attr", getattr(node, "id", ""))


def _is_built(node):
    """Whether a text is put together while running: f-string, %, + or format."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        return any(_is_text(side) for side in (node.left, node.right))
    return isinstance(node, ast.Call) and _name(node.func) == "format"


def _is_text(node):
    return _is_built(node) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def sql_is_put_together(tree):
    asked = {"execute", "executemany", "raw", "RawSQL", "extra"}
    return [
        call.lineno for call in _calls(tree)
        if _name(call.func) in asked and call.args and _is_built(call.args[0])
    ]  # fmt: skip


def calls_outside_the_guarded_client(tree):
    clients = {"requests", "httpx", "urllib.request", "urllib3", "http.client", "aiohttp"}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [node.lineno for one in node.names if one.name in clients]
        elif isinstance(node, ast.ImportFrom) and node.module in clients:
            found += [node.lineno for one in node.names if not one.name.endswith("Exception")]
        elif isinstance(node, ast.ImportFrom) and node.module in {"urllib", "http"}:
            found += [
                node.lineno for one in node.names if f"{node.module}.{one.name}" in clients
            ]
    return found


def a_shell_is_started(tree):
    found = [call.lineno for call in _calls(tree) if _name(call.func) in {"system", "popen"}]
    for call in _calls(tree):
        for word in call.keywords:
            on = not (isinstance(word.value, ast.Constant) and not word.value.value)
            if word.arg == "shell" and on:
                found.append(call.lineno)
    return found


def csrf_is_switched_off(tree):
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)]
    return [node.lineno for node in named if _name(node) == "csrf_exempt"]


def html_is_trusted(tree):
    return [
        call.lineno for call in _calls(tree) if _name(call.func) in {"mark_safe", "SafeString"}
    ]


def code_comes_from_outside(tree):
    called = [call for call in _calls(tree) if isinstance(call.func, ast.Name)]
    found = [call.lineno for call in called if call.func.id in {"eval", "exec"}]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [node.lineno for one in node.names if one.name in {"pickle", "marshal"}]
        elif isinstance(node, ast.ImportFrom) and node.module in {"pickle", "marshal"}:
            found.append(node.lineno)
    return found


def a_log_names_somebody(tree):
    """An attribute that is of a person, among what a logger is given."""
    said = {"debug", "info", "warning", "error", "exception", "critical"}
    found = []
    for call in _calls(tree):
        to = _name(getattr(call.func, "value", None)).lower()
        given = [*call.args, *(word.value for word in call.keywords)]
        if _name(call.func) in said and "log" in to and any(map(_is_personal, given)):
            found.append(call.lineno)
    return found


def _is_personal(node):
    personal = {"email", "phone", "first_name", "last_name", "job_title", "password"}
    return any(
        isinstance(one, ast.Attribute) and one.attr in personal for one in ast.walk(node)
    )
