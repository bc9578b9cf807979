#!/bin/sh
# What happens to the service in the container. Each line that it says is a step that went as it should; the test compares
# them. The network is the test's own machine's, where its servers are.
set -eu
unit=dyntray
state=/var/lib/private/dyntray

say() {
    echo "$1" >>/trial/said
}

# Waits half a minute at most until a command succeeds.
until_so() {
    for _ in $(seq 150); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.2
    done
    echo "never: $*" >>/trial/said
    systemctl status --no-pager --full "$unit" >>/trial/said 2>&1 || true
    journalctl --no-pager -u "$unit" >>/trial/said 2>&1 || true
    exit 1
}

of() {
    systemctl show --property="$1" --value "$unit"
}

ends_with() {
    code=0
    dyntray --system status >/dev/null 2>&1 || code=$?
    [ "$code" = "$1" ]
}

# Looks up now, which isn't repeated within seconds.
refused() {
    dyntray --system update >/dev/null 2>&1 || true
    ends_with 4
}

restarted() {
    [ "$(of NRestarts)" -ge "$1" ] && [ "$(of ActiveState)" = active ]
}

mkdir -p "$state" "/run/systemd/system/$unit.service.d"
chmod 700 /var/lib/private
cp /trial/settings.toml /trial/secrets "$state"
chmod 600 "$state/secrets"
# Not after half a minute in which nothing happens.
printf '[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestartSec=1s\n' >"/run/systemd/system/$unit.service.d/quick.conf"
systemctl daemon-reload

systemctl start "$unit"
say "started: $(of ActiveState)"
until_so ends_with 0
say "published: $(of StatusText | grep -c home.spdns.de)"
say "root leaves nothing: $(find "$state" /run/dyntray -user root | wc -l)"

# Anything but the service's own end.
kill -KILL "$(of MainPID)"
until_so restarted 1
say "killed and restarted"
# The look-up isn't due yet. It has another address by now, and the service refuses it.
until_so refused
systemctl restart "$unit"
until_so ends_with 4
say "refused: $(of ActiveState)"
# Whoever asks only for what needs attention sees it.
say "warned: $(journalctl --no-pager -u "$unit" -p warning | grep -c home.spdns.de | sed 's/^[1-9].*/yes/')"
say "everyday lines among the warnings: $(journalctl --no-pager -u "$unit" -p warning | grep -c 'looked up')"
systemctl reload "$unit"
until_so sh -c "journalctl --no-pager -u $unit | grep -q 'asked to look again'"
until_so systemctl is-active "$unit"
say "reloaded: $(of ActiveState)"
say "root is told of the service: $(HOME=/root dyntray status 2>&1 | grep -c -e --system | sed 's/^[1-9].*/yes/')"
kill -ABRT "$(of MainPID)"
until_so restarted 1
until_so ends_with 4
say "crashed, restarted and still refused"

began=$(date +%s)
systemctl stop "$unit"
took=$(($(date +%s) - began))
say "stopped in time: $([ "$took" -le 3 ] && echo yes || echo "$took s")"
say "stopped: $(of Result) $(of ExecMainStatus)"

# A part of it dies.
printf '[Service]\nEnvironment="DYNTRAY_FAULT_IN=the watch on the network"\n' \
    >"/run/systemd/system/$unit.service.d/fault.conf"
systemctl daemon-reload
systemctl start "$unit" || true
until_so sh -c "[ \"\$(systemctl show --property=NRestarts --value $unit)\" -ge 2 ]"
say "a fault of its own: $(journalctl --no-pager -u "$unit" | grep -c 'a fault of its own' | sed 's/^[1-9].*/told/')"
rm "/run/systemd/system/$unit.service.d/fault.conf"
systemctl daemon-reload
systemctl stop "$unit"

# Settings that it doesn't understand.
echo 'no = "settings"' >>"$state/settings.toml"
if systemctl start "$unit"; then say "it started with bad settings"; fi
systemctl stop "$unit"
say "bad settings: $(journalctl --no-pager -u "$unit" | grep -c settings.toml | sed 's/^[1-9].*/told/')"
cp /trial/settings.toml "$state"
# A file of secrets that others may read.
chmod 644 "$state/secrets"
if systemctl start "$unit"; then say "it started with open secrets"; fi
systemctl stop "$unit"
say "open secrets: $(journalctl --no-pager -u "$unit" | grep -c 'chmod 600' | sed 's/^[1-9].*/told/')"
chmod 600 "$state/secrets"
systemctl reset-failed "$unit" || true
systemctl start "$unit"
until_so ends_with 4
# One host name's token comes from systemd, the other one's is in the file.
printf '[Service]\nLoadCredential=nas.spdns.de:/trial/credential\n' >"/run/systemd/system/$unit.service.d/given.conf"
systemctl daemon-reload
cp /trial/both.toml "$state/settings.toml"
systemctl restart "$unit"
until_so ends_with 4
if echo abcd-efgh-ijkl | dyntray --system token set nas.spdns.de 2>/dev/null; then say "it changed a credential"; fi
echo abcd-efgh-ijkl | dyntray --system token set home.spdns.de
until_so ends_with 0
say "each its own token: $(grep -c . "$state/secrets") in the file"
dyntray --system remove home.spdns.de
say "after the removal: $(grep -c . "$state/secrets" || true) in the file"
systemctl stop "$unit"
say "the end"
