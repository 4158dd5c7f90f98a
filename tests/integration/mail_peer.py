"""A real mail server (aiosmtpd) or web server as the other side of notification, for tests.

    mail_peer.py smtp [--port N] [--cert FILE --key FILE] [--login USER:PASSWORD]
                      [--reply "550 no such user"] [--first N] [--delay S] [--hang-up-at ID]
    mail_peer.py http [--port N] [--status 500] [--first N]

Prints `PORT n`, with --delay `CONNECTED` for each connection, then one line of JSON for each
mail or call that it takes. `--reply` and `--status` are given to the first N instead (without
--first: to all). `--hang-up-at` resets the connection at each mail whose Message-ID holds ID. Ends
when standard input closes.
"""

import argparse
import asyncio
import email
import email.policy
import http.server
import json
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(*words):
    print(*words, flush=True)


class Bad:
    """The first N calls of bad() are true; all, when no number was given."""

    def __init__(self, first):
        self.left = first

    def bad(self):
        if self.left is None:
            return True
        self.left -= 1
        return self.left >= 0


def part(message, kind):
    found = message.get_body((kind,))
    return found.get_content() if found else None


class Mailbox:
    def __init__(self, options):
        self.options = options
        self.bad = Bad(options.first)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.options.reply and self.bad.bad():
            return self.options.reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        if self.options.hang_up_at and self.options.hang_up_at in str(message["Message-ID"]):
            server.transport.abort()
            return "421 gone"
        say(json.dumps({
            "from": envelope.mail_from, "to": envelope.rcpt_tos,
            "subject": str(message["Subject"]), "header_from": str(message["From"]),
            "id": str(message["Message-ID"]), "date": str(message["Date"].datetime),
            "importance": str(message["Importance"]), "text": part(message, "plain"),
            "html": part(message, "html"), "tls": session.ssl is not None,
            "login": session.auth_data.decode() if session.authenticated else None,
            "defects": [str(d) for d in message.defects],
            "longest_line": max(map(len, envelope.content.split(b"\r\n")))}))
        return "250 taken"


class SlowGreeting(SMTP):
    delay = 0.0

    def connection_made(self, transport):
        if not self.delay or self.transport is not None:
            super().connection_made(transport)
        else:
            say("CONNECTED")
            self.loop.call_later(self.delay, super().connection_made, transport)

    # The other side may lose patience before the conversation began.
    def eof_received(self):
        return super().eof_received() if self.session else False

    def connection_lost(self, error):
        if self.session:
            super().connection_lost(error)


def check_login(expected):
    def check(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and (
            data.login.decode() + ":" + data.password.decode() == expected)
        return AuthResult(success=good, handled=good, auth_data=data.login if good else None)
    return check


def serve_smtp(options):
    settings = {}
    if options.cert:
        settings["tls_context"] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        settings["tls_context"].load_cert_chain(options.cert, options.key)
        settings["require_starttls"] = True
    if options.login:
        settings["authenticator"] = check_login(options.login)
        settings["auth_required"] = True
        settings["auth_require_tls"] = bool(options.cert)

    mailbox = Mailbox(options)

    def conversation():
        server = SlowGreeting(mailbox, **settings)
        server.delay = options.delay
        return server

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(conversation, "127.0.0.1", options.port)
        say("PORT", server.sockets[0].getsockname()[1])
        await loop.run_in_executor(None, sys.stdin.read)
        server.close()

    asyncio.run(serve())


def serve_http(options):
    bad = Bad(options.first)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if options.status and bad.bad():
                self.send_response(options.status)
            else:
                say(json.dumps({"path": self.path, "type": self.headers["Content-Type"],
                                "headers": dict(self.headers), "body": json.loads(body)}))
                self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say("PORT", server.server_address[1])
    sys.stdin.read()
    server.shutdown()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["smtp", "http"])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--login")
    parser.add_argument("--reply")
    parser.add_argument("--status", type=int)
    parser.add_argument("--first", type=int)
    parser.add_argument("--hang-up-at")
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    serve_smtp(options) if options.kind == "smtp" else serve_http(options)


if __name__ == "__main__":
    main()
