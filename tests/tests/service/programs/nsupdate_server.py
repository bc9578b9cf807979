"""The server of nsupdate.info on loopback, with one domain and one host.

It is started with a folder and the port of the name server. The folder holds the host's secret (`secret`) and the zone's
key (`key`). It prints its own port, and a line for each request: what was asked, the status and the answer.
"""

import os
import pathlib
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import dns.query
import dns.resolver

ADDRESS = "127.0.0.1"
HOST, DOMAIN = "home", "dyn.example"


def configure(folder):
    """The project's own settings for production, with what a site has to choose."""
    os.environ["SECRET_KEY"] = "only-of-this-story"
    os.environ["DJANGO_SETTINGS_MODULE"] = "nsupdate.settings.prod"
    from nsupdate.settings import prod

    prod.DATABASES["default"]["NAME"] = str(folder / "nsupdate.sqlite")
    prod.ALLOWED_HOSTS = [ADDRESS]
    # Only the registration of a person asks these. Nobody registers here.
    prod.NAMESERVERS = [ADDRESS]

    import django

    django.setup()


def reach_name_server_at(port):
    """nsupdate only knows port 53, which is not everybody's to take."""
    tcp = dns.query.tcp
    dns.query.tcp = lambda message, where, **options: tcp(message, where, port=port, **options)
    reset = dns.resolver.BaseResolver.reset

    def reset_with_port(resolver):
        reset(resolver)
        resolver.port = port

    dns.resolver.BaseResolver.reset = reset_with_port


def fill(folder):
    """Makes the tables, a person, the domain and the host."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from nsupdate.main.models import Domain, Host

    call_command("migrate", verbosity=0, interactive=False)
    person = get_user_model().objects.create_user("anna", "anna@dyn.example", None)
    domain = Domain.objects.create(
        name=DOMAIN,
        nameserver_ip=ADDRESS,
        nameserver_update_secret=(folder / "key").read_text().strip(),
        available=True,
        created_by=person,
    )
    host = Host.objects.create(name=HOST, domain=domain, created_by=person)
    host.generate_secret((folder / "secret").read_text().strip())


def with_log(application):
    """Prints each request with its answer."""

    def logged(environment, start):
        seen = []

        def begin(status, headers, *rest):
            seen.append(status.split()[0])
            return start(status, headers, *rest)

        body = b"".join(application(environment, begin))
        target = environment["PATH_INFO"] + "?" + environment["QUERY_STRING"]
        print("request", target, *seen, body.decode(errors="replace").strip(), flush=True)
        return [body]

    return logged


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass

    def address_string(self):
        return self.client_address[0]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self):
        # The parent asks the system's name server for the machine's name.
        self.server_name = ADDRESS
        super(WSGIServer.__mro__[1], self).server_bind()
        self.server_port = self.server_address[1]
        self.setup_environ()


def main():
    folder, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    configure(folder)
    reach_name_server_at(port)
    fill(folder)
    from nsupdate.wsgi import application

    server = make_server(ADDRESS, 0, with_log(application), server_class=Server, handler_class=Quiet)
    print("listens on", server.server_port, flush=True)
    server.serve_forever()


main()
