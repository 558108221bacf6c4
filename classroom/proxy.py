"""Reverse proxies that a distribution brings, each with the configuration that spreads browsers over dashboards.

    python -m classroom.proxy nginx 8501 10.0.0.11:8501 10.0.0.12:8501    prints the configuration

A browser stays with the dashboard that it met first, by a cookie: its session lives in that process. Whatever takes
longer than a pupil needs is bounded: a request that does not come to its end, a connection that says nothing, and how
many there are at once. The name that the browser asks for is passed on as it is, for the dashboards look at it.
"""

from __future__ import annotations

import ipaddress
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ui.server.cookie import NAME

# seconds: until a request is there in whole, and until a websocket that is silent is closed (Streamlit's pings come
# every 30 s)
REQUEST_S, SILENT_S = 15, 120
# of all browsers together; a browser opens up to seven
MOST_CONNECTIONS = 2000
# MB: the largest file that somebody may bring
MOST_UPLOAD_MB = 260


@dataclass(frozen=True)
class Proxy:
    """`configuration` for a port and the addresses of dashboards; `command` to start it in the foreground with the
    configuration in a file."""

    name: str
    configuration: Callable[[int, list[str]], str]
    command: Callable[[str, Path], list[str]]


# HAProxy asks for a name once, when it starts; so told it keeps asking, for a container that is made anew may be
# elsewhere. A name that nobody knows any more, or that only /etc/hosts knows, stays where it was: the check of its
# health says whether it is there.
_RESOLVERS = """\
resolvers names
    parse-resolv-conf
    hold nx 20d
    hold timeout 20d
    hold refused 20d
    hold other 20d
"""


def _is_name(address: str) -> bool:
    """Whether what stands before the port has to be looked up."""
    try:
        ipaddress.ip_address(address.rpartition(":")[0].strip("[]"))
    except ValueError:
        return True
    return False


def _haproxy(port: int, dashboards: list[str]) -> str:
    looked_up = " resolvers names resolve-prefer ipv4 init-addr libc,none"
    servers = "\n".join(
        f"    server d{number} {address} cookie d{number} check inter 2s{looked_up if _is_name(address) else ''}"
        for number, address in enumerate(dashboards)
    )
    return f"""\
{_RESOLVERS if any(map(_is_name, dashboards)) else ""}global
    maxconn {MOST_CONNECTIONS}
defaults
    mode http
    timeout connect 5s
    timeout client {SILENT_S}s
    timeout server {SILENT_S}s
    timeout tunnel {SILENT_S}s
    timeout http-request {REQUEST_S}s
    timeout http-keep-alive {REQUEST_S}s
    timeout queue 30s
    option redispatch
frontend class
    bind :{port}
    default_backend dashboards
backend dashboards
    balance leastconn
    cookie layer_lab_at insert indirect nocache httponly
    option httpchk
    http-check send meth GET uri /_stcore/health ver HTTP/1.1 hdr Host localhost
{servers}
"""


def _nginx(port: int, dashboards: list[str]) -> str:
    servers = "\n".join(f"        server {address} max_fails=0;" for address in dashboards)
    return f"""\
worker_processes 1;
error_log stderr warn;
pid nginx.pid;
events {{ worker_connections {2 * MOST_CONNECTIONS}; }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    client_header_timeout {REQUEST_S}s;
    client_body_timeout {REQUEST_S}s;
    send_timeout {REQUEST_S}s;
    client_max_body_size {MOST_UPLOAD_MB}m;
    # a browser without the dashboard's cookie stays where its address leads
    map $cookie_{NAME} $who {{ "" $remote_addr; default $cookie_{NAME}; }}
    map $http_upgrade $connection_kind {{ "" close; default upgrade; }}
    upstream dashboards {{
        hash $who consistent;
{servers}
    }}
    server {{
        listen {port};
        location / {{
            proxy_pass http://dashboards;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_kind;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_read_timeout {SILENT_S}s;
            proxy_send_timeout {SILENT_S}s;
            proxy_buffering off;
        }}
    }}
}}
"""


def _caddy(port: int, dashboards: list[str]) -> str:
    return f"""\
{{
    admin off
    auto_https off
    servers {{
        timeouts {{
            read_header {REQUEST_S}s
            idle {SILENT_S}s
        }}
    }}
}}
:{port} {{
    reverse_proxy {" ".join(dashboards)} {{
        lb_policy cookie layer_lab_at
        health_uri /_stcore/health
        health_interval 2s
    }}
}}
"""


# the first one that is installed is taken
PROXIES = (
    Proxy("haproxy", _haproxy, lambda binary, file: [binary, "-db", "-f", str(file)]),
    Proxy("nginx", _nginx, lambda binary, file: [binary, "-p", str(file.parent), "-c", str(file), "-g", "daemon off;"]),
    Proxy("caddy", _caddy, lambda binary, file: [binary, "run", "--adapter", "caddyfile", "--config", str(file)]),
)
# where Debian and Ubuntu put servers, which is not on the path of an ordinary account
_ALSO = "/usr/sbin:/usr/local/sbin"


def installed() -> tuple[Proxy, str] | None:
    """The proxy of this machine and where it is, None where there is none."""
    for proxy in PROXIES:
        if binary := shutil.which(proxy.name) or shutil.which(proxy.name, path=_ALSO):
            return proxy, binary
    return None


def main(arguments: list[str]) -> None:
    """Print a configuration."""
    names = {proxy.name: proxy for proxy in PROXIES}
    if len(arguments) < 3 or arguments[0] not in names or not arguments[1].isdecimal():
        raise SystemExit(f"python -m classroom.proxy {'|'.join(names)} PORT HOST:PORT …")
    name, port, *dashboards = arguments
    print(names[name].configuration(int(port), dashboards), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
