"""The reference's page of environment variables, in three groups.

`tests/documentation/test_environment.py` compares the page with what the code reads.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Variable(NamedTuple):
    """An environment variable.

    Attributes:
        name: Its name.
        meaning: What it sets.
        default: What happens without it.
        example: A value.
        reader: The package that reads it.
    """

    name: str
    meaning: str
    default: str
    example: str
    reader: str = "scenario_async"


_NEED: Final = "a client without credentials raises `MissingCredentialsError`"

CLIENT: Final = (
    Variable("SCENARIO_SDK_API_KEY", "The API key (`api_key=`).", _NEED, "api_…"),
    Variable("SCENARIO_SDK_API_SECRET", "The secret of the API key (`api_secret=`).", _NEED, "…"),
    Variable(
        "SCENARIO_SDK_JWT",
        "A bearer token (`jwt=`). It is used only if the key or the secret is missing.",
        _NEED,
        "eyJ…",
    ),
    Variable(
        "SCENARIO_BASE_URL",
        "The address of the API (`base_url=`). Plain http is accepted for this machine only; "
        "`allow_http=` names other hosts.",
        "`https://api.cloud.scenario.com/v1`",
        "http://127.0.0.1:8787/v1",
    ),
    Variable(
        "SCENARIO_CUSTOM_HEADERS",
        "Headers for every request, one `name: value` per line. A line without a colon is ignored. "
        "`default_headers=` has priority.",
        "no headers",
        "X-Team: art",
    ),
    Variable(
        "SCENARIO_LOG",
        "`info` or `debug` prints the log of the package to standard error, or passes it to the handlers of "
        "the root logger if there are some. It is read when a client is created, and ignored if the logger "
        "`scenario_async` has a handler.",
        "nothing is printed",
        "debug",
    ),
    Variable(
        "SCENARIO_API_KEY",
        "Not used. If it is set, the error about missing credentials mentions it.",
        "",
        "",
    ),
    Variable("SCENARIO_API_SECRET", "Not used, like `SCENARIO_API_KEY`.", "", ""),
)

NETWORK: Final = (
    Variable(
        "HTTPS_PROXY",
        "The proxy for https:// URLs; it may contain a user and a password. "
        "`proxy=` has priority. Requests to this machine use no proxy.",
        "no proxy (Windows, macOS: the system's)",
        "http://user:password@proxy.example:3128",
        "urllib",
    ),
    Variable("HTTP_PROXY", "The proxy for http:// URLs.", "no proxy", "http://proxy.example:3128", "urllib"),
    Variable(
        "ALL_PROXY",
        "The proxy for URLs whose own variable is not set: `HTTPS_PROXY` for https://, `HTTP_PROXY` for http://.",
        "no proxy",
        "http://proxy.example:3128",
        "urllib",
    ),
    Variable(
        "NO_PROXY",
        "Hosts, domains, addresses and networks for which no proxy is used, separated by commas; `*` for "
        "all. Each can have a port.",
        "none",
        "localhost,.internal.example,10.0.0.0/8",
    ),
    Variable(
        "SSL_CERT_FILE",
        "A file of trusted certificate authorities (PEM), instead of the system's file.",
        "the system's authorities",
        "/etc/ssl/company.pem",
    ),
    Variable(
        "SSL_CERT_DIR",
        "A folder of trusted certificate authorities, instead of the system's folder.",
        "the system's authorities",
        "/etc/ssl/certs",
    ),
    Variable(
        "REQUESTS_CA_BUNDLE",
        "A file or folder of additional trusted authorities. It is ignored if `SSL_CERT_FILE` or "
        "`SSL_CERT_DIR` is set, and with `verify=` or `ssl=`.",
        "the system's authorities only",
        "/etc/ssl/company.pem",
    ),
    Variable(
        "CURL_CA_BUNDLE",
        "The same as `REQUESTS_CA_BUNDLE`; ignored if that is set too.",
        "the system's authorities only",
        "/etc/ssl/company.pem",
    ),
)

COMMAND_LINE: Final = (
    Variable(
        "XDG_STATE_HOME",
        "The parent of the folder `scenario-async/` for ledgers and results of `sync` (Linux).",
        "`~/.local/state`",
        "/var/lib/art",
        "platformdirs",
    ),
    Variable("NO_COLOR", "Any value turns colours off.", "colours in a terminal", "1", "rich"),
    Variable(
        "FORCE_COLOR",
        "Any value turns colours on, even without a terminal.",
        "colours in a terminal",
        "1",
        "rich",
    ),
    Variable("COLUMNS", "The width of tables in a terminal, in characters.", "the terminal's", "120", "rich"),
    Variable("TERM", "The kind of terminal; `dumb` has no colours.", "set by the terminal", "dumb", "rich"),
    Variable(
        "_SCENARIO_ASYNC_COMPLETE",
        "Makes the command print a script for [completion](../how-to/completion.md): "
        "`bash_source`, `zsh_source` or `fish_source`.",
        "not set",
        "zsh_source",
        "click",
    ),
)

VARIABLES: Final = (*CLIENT, *NETWORK, *COMMAND_LINE)


PAGE: Final = """\
# Environment variables

This page lists the environment variables that clients and the command line read. An argument or an option
has priority over a variable. An empty variable counts as not set.

## Clients

A client reads these variables when it is created. The sandbox reads none of them.

{client}

```bash
SCENARIO_LOG=info scenario-async upload --sample --sandbox --quiet
```

## Proxies and certificates

[Behind a proxy](../how-to/proxy.md) explains these variables. The names of proxy variables can also be in
lower case, which has priority.

{network}

## The command line

{command_line}

```bash
XDG_STATE_HOME=/tmp/state NO_COLOR=1 scenario-async upload --sample --sandbox
```

Other packages connect to cloud storage and PostgreSQL, and read their own variables, such as
`AWS_ACCESS_KEY_ID` ([s3fs](https://s3fs.readthedocs.io)) and `PGPASSWORD` ([psycopg](https://www.psycopg.org)).
"""


def environment_page() -> str:
    """The page."""
    groups = {"client": CLIENT, "network": NETWORK, "command_line": COMMAND_LINE}
    return PAGE.format(**{name: "\n\n".join(map(_section, group)) for name, group in groups.items()})


def _section(variable: Variable) -> str:
    """The part of the page about one variable."""
    lines = [f"### {variable.name}", "", variable.meaning]
    if variable.default:
        lines += ["", f"- Without it: {variable.default}."]
    if variable.example:
        lines += [f"- Example: `{variable.name}={variable.example}`"]
    return "\n".join(lines)
