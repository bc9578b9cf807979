#!/bin/sh
# The life of the package on a booted Debian. Each line that it says is one test.
set -u
unit=dyntray
state=/var/lib/private/dyntray

check() {
    what=$1
    shift
    if "$@" >/dev/null 2>&1; then
        echo "ok      $what" >>/trial/said
    else
        {
            echo "FAILED  $what"
            systemctl status --no-pager --full "$unit"
            journalctl --no-pager --lines=40 -u "$unit"
        } >>/trial/said 2>&1
    fi
}

not() {
    ! "$@"
}

# Waits twenty seconds at most until a command succeeds.
soon() {
    for _ in $(seq 100); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.2
    done
    return 1
}

of() {
    systemctl show --property="$1" --value "$unit"
}

ends_with() {
    code=0
    dyntray --system status >/dev/null 2>&1 || code=$?
    [ "$code" = "$1" ]
}

warns_of() {
    journalctl --no-pager -u "$unit" -p warning | grep -q -- "$1"
}

install() {
    dpkg --install /trial/dyntray.deb
}

is_another() {
    [ "$(of MainPID)" != "$1" ] && [ "$(of MainPID)" != 0 ]
}

# A server that has one address for everybody and refuses every update.
cat >/tmp/server.pl <<'PERL'
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8099, Listen => 5, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
    my $first = <$client>;
    while (my $line = <$client>) { last if $line eq "\r\n"; }
    my $body = $first =~ m{^GET /ip} ? '84.160.12.7' : 'badauth';
    print $client "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
    close $client;
}
PERL
perl /tmp/server.pl &

check "the package is installed" install
check "the service is off at first" not systemctl is-active "$unit"
check "nor is it enabled" not systemctl is-enabled "$unit"
systemctl enable --now "$unit"
check "it starts" systemctl is-active "$unit"
check "its log says how to add a host name to the service" warns_of 'dyntray --system add'
systemctl stop "$unit"

cat >"$state/settings.toml" <<'TOML'
schemaVersion = 1
resolverIpv4 = "http://127.0.0.1:8099/ip"
resolverIpv6 = "http://127.0.0.1:8099/ip"
fallBacks = []
homeLock = false
nameServer = "127.0.0.1:9"

[[entries]]
id = 1
hostname = "home.spdns.de"
server = "127.0.0.1:8099"
protocol = "ipv4"
login = "token"
enabled = true
webresolver = true

[[entries]]
id = 2
hostname = "nas.spdns.de"
server = "127.0.0.1:8099"
protocol = "ipv4"
login = "token"
enabled = true
webresolver = true
TOML
printf '1 abcd-efgh-ijkl\n' >"$state/secrets"
chmod 600 "$state/secrets"
# As the service itself would have written them.
chown --reference="$state" "$state/settings.toml" "$state/secrets"
check "it starts with settings" systemctl start "$unit"
check "a host name without a token is named at the start" soon warns_of 'never updated: nas.spdns.de'
check "a refused token needs attention" soon ends_with 4
check "and is among the journal's warnings" soon warns_of 'home.spdns.de'
check "the journal has no second time" not sh -c "journalctl --no-pager -o cat -u $unit | grep -q '^20..-'"

check "it reloads" systemctl reload "$unit"
check "and looks again" soon sh -c "journalctl --no-pager -u $unit | grep -q 'asked to look again'"

mkdir -p "/etc/systemd/system/$unit.service.d"
printf 'mnop-qrst-uvwx\n' >/etc/nas-token
printf '[Service]\nLoadCredential=nas.spdns.de:/etc/nas-token\n' >"/etc/systemd/system/$unit.service.d/token.conf"
systemctl daemon-reload
systemctl restart "$unit"
check "a credential beside the file of tokens: each host name has its own" \
    soon sh -c "! dyntray --system status | grep -q 'no token'"
check "a token of the file can still be changed" \
    sh -c "echo abcd-efgh-ijkl | dyntray --system token set home.spdns.de"
check "that of the credential can't" \
    not sh -c "echo abcd-efgh-ijkl | dyntray --system token set nas.spdns.de"

before=$(of MainPID)
check "an upgrade is installed" install
check "and the new program runs" soon is_another "$before"

dpkg --remove dyntray
check "after a removal nothing runs" not systemctl is-active "$unit"
check "settings and tokens stay" test -s "$state/secrets"
check "it is installed again" install
check "and the enabled service runs again" soon systemctl is-active "$unit"
check "with its settings" soon ends_with 4
dpkg --purge dyntray
check "after a purge nothing of it is left" not ls -d /var/lib/private/dyntray /usr/bin/dyntray
echo "the end" >>/trial/said
