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
    Variable("SCENARIO_SDK_API_KEY", "The API key of clients made without `api_key=`.", _NEED, "api_…"),
    Variable("SCENARIO_SDK_API_SECRET", "The secret of the API key (`api_secret=`).", _NEED, "…"),
    Variable(
        "SCENARIO_SDK_JWT",
        "A bearer token (`jwt=`). It is read if key and secret are not both there.",
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
        "Headers of every request, one `name: value` a line. A line without a colon is ignored, and "
        "`default_headers=` comes before it.",
        "no headers",
        "X-Team: art",
    ),
    Variable(
        "SCENARIO_LOG",
        "`info` or `debug` prints the log of the package on the standard error stream. It is read when a "
        "client is made, and ignored if the logger `scenario_async` has a handler.",
        "nothing is printed",
        "debug",
    ),
    Variable(
        "SCENARIO_API_KEY",
        "Not used. The error about missing credentials says so if it is set.",
        "",
        "",
    ),
    Variable("SCENARIO_API_SECRET", "Not used, as `SCENARIO_API_KEY`.", "", ""),
)

NETWORK: Final = (
    Variable(
        "HTTPS_PROXY",
        "The proxy of requests to https:// addresses; user and password may be in it. "
        "`proxy=` comes before it. Requests to this machine use no proxy.",
        "no proxy (Windows, macOS: the system's)",
        "http://user:password@proxy.example:3128",
        "urllib",
    ),
    Variable(
        "HTTP_PROXY", "The same for http:// addresses.", "no proxy", "http://proxy.example:3128", "urllib"
    ),
    Variable(
        "ALL_PROXY",
        "The proxy where neither of the two is set.",
        "no proxy",
        "http://proxy.example:3128",
        "urllib",
    ),
    Variable(
        "NO_PROXY",
        "Hosts, domains, addresses and networks that no proxy is used for, with commas between them; `*` for "
        "all. A port may follow each.",
        "none",
        "localhost,.internal.example,10.0.0.0/8",
    ),
    Variable(
        "SSL_CERT_FILE",
        "A file of trusted certificate authorities (PEM), instead of the system's.",
        "the system's authorities",
        "/etc/ssl/company.pem",
    ),
    Variable("SSL_CERT_DIR", "The same as a folder.", "the system's authorities", "/etc/ssl/certs"),
    Variable(
        "REQUESTS_CA_BUNDLE",
        "Further trusted authorities: a file or folder. Ignored if `SSL_CERT_FILE` or `SSL_CERT_DIR` is set, "
        "and with `verify=` or `ssl=`.",
        "the system's authorities only",
        "/etc/ssl/company.pem",
    ),
    Variable(
        "CURL_CA_BUNDLE",
        "The same; ignored if `REQUESTS_CA_BUNDLE` is set too.",
        "the system's authorities only",
        "/etc/ssl/company.pem",
    ),
)

COMMAND_LINE: Final = (
    Variable(
        "XDG_STATE_HOME",
        "Linux: the folder in which `scenario-async/` is made, for ledgers and for the results of `sync`.",
        "`~/.local/state`",
        "/var/lib/art",
        "platformdirs",
    ),
    Variable("NO_COLOR", "Any value: no colours.", "colours in a terminal", "1", "rich"),
    Variable(
        "FORCE_COLOR",
        "Any value: colours without a terminal too.",
        "colours in a terminal",
        "1",
        "rich",
    ),
    Variable("COLUMNS", "The width of tables in a terminal, in characters.", "the terminal's", "120", "rich"),
    Variable("TERM", "The kind of terminal; `dumb` has no colours.", "set by the terminal", "dumb", "rich"),
    Variable(
        "_SCENARIO_ASYNC_COMPLETE",
        "Prints a script for [completion](../how-to/completion.md): `bash_source`, `zsh_source` or "
        "`fish_source`.",
        "not set",
        "zsh_source",
        "click",
    ),
)

VARIABLES: Final = (*CLIENT, *NETWORK, *COMMAND_LINE)


PAGE: Final = """\
# Environment variables

The environment variables that clients and the command line read. An argument or an option comes before a
variable, and an empty variable counts as one that is not set.

## Clients

These are read when a client is made, and by every command that makes one. The sandbox reads none of them.

{client}

```bash
SCENARIO_LOG=info scenario-async upload --sample --sandbox --quiet
```

## Proxies and certificates

[Behind a proxy](../how-to/proxy.md) says more about them. The variables of proxies may be in small letters
too; those come before the ones in capitals.

{network}

## The command line

{command_line}

```bash
XDG_STATE_HOME=/tmp/state NO_COLOR=1 scenario-async upload --sample --sandbox
```

Cloud storage and PostgreSQL are reached by other packages, which have variables of their own, such as
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
