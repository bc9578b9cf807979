# One short text for each closed code, for the tray, notifications, command line and window.
# An id is the type's name and the variant's name, both in kebab case. It stays when a type is renamed: each section names
# its type as it is called now. Arguments: the variant's data fields, already formatted.

## Problem: a mistake at a field of the form
problem-hostname-missing = Enter the host name, for example home.spdns.de.
problem-hostname-not-full = Enter the full host name with its domain, for example home.spdns.de.
problem-hostname-is-url = Enter only the host name, without https:// and without a path.
problem-hostname-is-address = This is an IP address. Enter the host name that should point to it.
problem-hostname-is-list = Enter only one host name. Add an entry for each of the others.
problem-hostname-is-token = This looks like an update token. It belongs in the field “Password / Update token”.
problem-hostname-character = The character “{ $character }” can't be part of a host name.
problem-hostname-other-letters = DNS spells the letter “{ $character }” in another way. Enter the name as your service shows it, beginning with xn--.
problem-hostname-not-ascii = In DNS this name is spelt { $spelling }. Enter it like that.
problem-hostname-shape = Each part between dots has 1 to 63 letters, digits or hyphens, and doesn't begin or end with a hyphen.
problem-hostname-twice = Another entry already keeps this record of this host. Choose another protocol or remove one entry.
problem-user-missing = Enter the account's user name.
problem-user-has-colon = A user name can't contain a colon.
problem-secret-missing = Nothing was entered.
problem-secret-for-other-server = The server has changed. Enter the token or password again, so that it can't be sent elsewhere unnoticed.
problem-secret-character = The token or password contains a line break or an invisible character. Copy it again.
problem-server-missing = Enter the update server, for example update.spdyn.de.
problem-server-shape = Enter a server name or a web address, for example update.spdyn.de.
problem-server-not-encrypted = The token or password could be read on its way. Use https://.
problem-server-has-login = The address must not contain a user name or password. They have fields of their own.
problem-provider-unknown = Dyntray doesn't know this service. Choose another one, or enter its update URL.
problem-family-not-kept = { $family ->
    [ipv4] No IPv4 address can be published there. Choose the protocol IPv6.
   *[other] No IPv6 address can be published there. Choose the protocol IPv4.
  }
problem-update-url-missing = Enter the update URL.
problem-update-url-shape = Enter a web address with placeholders, for example https://example.org/update?host={"{host}"}&ip={"{ip4}"}.
problem-update-url-not-encrypted = The token or password could be read on its way. Use https://.
problem-update-url-has-login = Leave out everything before the @. User and password have fields of their own.
problem-update-url-has-secret = Put {"{password}"} in place of the password or token, and enter the secret itself in its own field.
problem-update-url-placeholder = The placeholder { $placeholder } isn't known.
problem-update-url-no-host = The host name is missing: put {"{host}"} where it belongs.
problem-update-url-no-address = The address is missing: put {"{ip4}"}, {"{ip6}"} or {"{ips}"} where it belongs.
problem-resolver-shape = Enter a web address, for example https://checkip4.spdyn.de/.
problem-resolver-not-encrypted = An unencrypted answer can be forged on its way. Use https://.
problem-interval-shape = Enter a time span, for example 10 min or 1 h.
problem-interval-too-short = The shortest interval is { $minutes } minutes; services don't allow more frequent requests.
problem-interval-too-long = The longest interval is 24 hours.
problem-fixed-missing = Enter the fixed address, or choose another source.
problem-fixed-shape = This is not an address of this kind.
problem-fixed-unpublishable = This address can't be published: it is { $why }.
problem-name-server-shape = Enter an IP address, with or without a port, for example 9.9.9.9 or 127.0.0.1:5353.
problem-device-shape = This is neither an interface ID such as ::1a2b:3cff:fe4d:5e6f nor an IPv6 or MAC address of the device.
problem-device-not-public = This address is valid at home only. Enter the interface ID, or a lasting IPv6 address of the device that begins with 2.
problem-device-multicast = This is the address of a group of devices. Enter that of the one device.
problem-device-no-device = The second half of the address, which names the device, is missing.
problem-proxy-missing = Enter the proxy, for example proxy.example.org:3128.
problem-proxy-shape = Enter the proxy with its port, for example proxy.example.org:3128. Only HTTP proxies can be used.
problem-proxy-has-login = The address must not contain a user name or password: proxies with a login can't be used.
problem-releases-shape = Enter a web address, for example https://example.org/dyntray.json, or nothing.
problem-releases-not-encrypted = An unencrypted answer can be forged on its way. Use https://.

## HaltReason: the reason of a halt, the way out, and a short form for lists
halt-reason-bad-auth = The service refused the update token of { $hostname }.
halt-reason-bad-auth-way-out = Check that it is complete and belongs to this host name. If it was lost, replaced or switched off, it can't be recovered: make a new one and enter it.
halt-reason-bad-auth-short = token refused
halt-reason-bad-auth-account = The server refused the user name or password of { $hostname }.
halt-reason-bad-auth-account-way-out = Check the user name and enter the password again. At SPDYN, an account that is linked to a reseller needs the host name as user and its update token as password.
halt-reason-bad-auth-account-short = login refused
halt-reason-not-yours = This login isn't allowed to update { $hostname }.
halt-reason-not-yours-way-out = The token probably belongs to another host name. Check that both belong together, then try again.
halt-reason-not-yours-short = host name and token don't match
halt-reason-not-fqdn = The server doesn't accept “{ $hostname }” as a full host name.
halt-reason-not-fqdn-way-out = Correct the host name in the settings.
halt-reason-not-fqdn-short = host name incomplete
halt-reason-no-host = The host { $hostname } doesn't exist, or it was deleted.
halt-reason-no-host-way-out = Check on the website that the host exists and is spelt like this, then try again.
halt-reason-no-host-short = host doesn't exist
halt-reason-fatal = Updates of { $hostname } were switched off by hand on the website.
halt-reason-fatal-way-out = Switch the host on again on the website, then try again.
halt-reason-fatal-short = switched off on the website
halt-reason-num-host = The server refused { $hostname }: too many hosts in one request.
halt-reason-num-host-way-out = Perhaps another server than intended has answered. Check the server in the settings, then try again.
halt-reason-num-host-short = too many hosts
halt-reason-abuse = The service has locked { $hostname } for a while after faulty or repeated updates.
halt-reason-abuse-way-out = First stop everything else that updates this host, for example the router. Then wait until the lock ends, and try again. Where the website has a log of the host, it shows every update.
halt-reason-abuse-short = host locked
halt-reason-bad-agent = The server of { $hostname } refuses this program.
halt-reason-bad-agent-way-out = Look for a newer version of Dyntray, or ask the service's operator.
halt-reason-bad-agent-short = program refused
halt-reason-not-donator = The account of { $hostname } doesn't include the requested feature.
halt-reason-not-donator-way-out = Extend the account on the service's website, then try again.
halt-reason-not-donator-short = feature not included
halt-reason-not-active = The account or the host { $hostname } is not activated.
halt-reason-not-active-way-out = Activate it on the service's website, then try again.
halt-reason-not-active-short = not activated
halt-reason-bad-system = The server of { $hostname } didn't accept this kind of request.
halt-reason-bad-system-way-out = Check the server in the settings, then try again.
halt-reason-bad-system-short = request not accepted
halt-reason-other-address = The server confirmed { $named } for { $hostname }, an address that was never sent.
halt-reason-other-address-way-out = Some services refuse a program this way. Check the server and the host on the website, then try again.
halt-reason-other-address-short = other address confirmed
halt-reason-secret-missing = No update token is saved for { $hostname }.
halt-reason-secret-missing-in = { $keyring } has no update token for { $hostname }. If another keyring has it, updates go on as soon as that one answers.
halt-reason-secret-missing-way-out = Enter the token here. A lost one can't be recovered: make a new one on the website.
halt-reason-secret-missing-short = no token saved
halt-reason-secret-missing-account = No password is saved for { $hostname }.
halt-reason-secret-missing-account-in = { $keyring } has no password for { $hostname }. If another keyring has it, updates go on as soon as that one answers.
halt-reason-secret-missing-account-way-out = Enter the account's password.
halt-reason-secret-missing-account-short = no password saved

## RetryableError (trouble-…): nobody refused the update; it is tried again
trouble-unreachable = The update server can't be reached. Nothing was sent.
trouble-not-trusted = The certificate isn't the server's own, perhaps because of a sign-in page. Nothing was sent.
trouble-no-certificates = This system has no root certificates, so no server can be verified. Install the package ca-certificates. Nothing was sent.
trouble-wrong-clock = This computer's clock looks wrong: it shows { $shows }, and on that day the server's certificate isn't valid. Nothing was sent.
trouble-certificate-expired = The server's certificate has expired. Nothing was sent.
trouble-certificate-not-yet-valid = The server's certificate isn't valid yet. Nothing was sent.
trouble-unconfirmed = No answer came. The update may have arrived anyway.
trouble-server = The server reports a problem of its own ({ $code }).
trouble-unreadable = An update server doesn't answer like this: “{ $line }”. There may be a sign-in page in between.
trouble-keyring-locked = The keyring is locked. Unlock it so that updates can go on.
trouble-keyring-absent = There is no keyring on this system that could keep the token.
trouble-secrets-unusable = The file that keeps the token can't be used: { $why }

## LookUpProblem: the reason why a source reported no address
look-up-problem-unreachable = Not reachable; there may be no internet connection.
look-up-problem-timed-out = No answer in time.
look-up-problem-no-certificates = This system has no root certificates, so no server can be verified. Install the package ca-certificates.
look-up-problem-not-trusted = The certificate isn't the service's own, perhaps because of a sign-in page.
look-up-problem-wrong-clock = This computer's clock looks wrong: it shows { $shows }, and on that day the service's certificate isn't valid.
look-up-problem-certificate-expired = The service's certificate has expired.
look-up-problem-certificate-not-yet-valid = The service's certificate isn't valid yet.
look-up-problem-status = The answer is an error message (status { $status }).
look-up-problem-redirected = The answer leads elsewhere, usually to a sign-in page.
look-up-problem-not-an-address = The answer is not an address: “{ $line }”.
look-up-problem-not-understood = The router's answer can't be understood.
look-up-problem-wrong-family = The answer is an IPv4 address where IPv6 was asked for, or the other way round.
look-up-problem-unpublishable = { $address } is not published: it is { $why }.
look-up-problem-interfaces = The network interfaces of this computer couldn't be read.
look-up-problem-name-not-found = The service's name couldn't be resolved (DNS).
look-up-problem-sign-in-page = A sign-in page answered instead.
look-up-problem-no-router = The router doesn't report its address; that may be switched off in the router.
look-up-problem-fritz-box-silent = The FRITZ!Box names its address only after a login. It does so without one if you switch on in it: “Home Network” › “Network” › “Network Settings” › “Transmit status information over UPnP”.
look-up-problem-address-kept = The router is connected but doesn't name its address, as many do where it isn't public.
look-up-problem-ds-lite = The router has no IPv4 address of its own (DS-Lite).

## Unpublishable: completes "… is not published: it is …"
unpublishable-unspecified = a placeholder for no address at all
unpublishable-private = a private address that leads nowhere on the internet
unpublishable-shared = an address that the provider shares among customers; your connection can't be reached by it
unpublishable-loopback = this computer's own address
unpublishable-link-local = an address that leads no further than the next router
unpublishable-unique-local = an address that is valid at home only
unpublishable-documentation = an address for examples only
unpublishable-benchmark = an address for measurements only
unpublishable-multicast = an address for groups of devices
unpublishable-reserved = an address that is reserved and belongs to nobody
unpublishable-ipv4-mapped = an IPv4 address written as IPv6
unpublishable-translated = an address that IPv4 was translated to, not your connection's own

## Observation: one source's answer
observation-known = { $address }
observation-no-address = no address
observation-unavailable = unknown: { $why }

## Status: an entry's state
status-disabled = switched off
status-paused = paused
status-looking-up = looking up the address
status-sending = sending the address
status-fine = up to date
status-no-address = no address known
status-held = address held back
status-queued = about to send
status-changed-elsewhere = changed elsewhere
status-changed-elsewhere-what = The name servers have another address for { $hostname } than the one accepted last, and setting it right once didn't help.
status-changed-elsewhere-way-out = Another program probably updates this host. Switch it off, for example in the router, then try again.
status-troubled = trying again
status-keyring-locked = the keyring is locked
status-keyring-absent = no keyring
status-secrets-unusable = the token file can't be used
unlock-keyring = Unlock keyring…
restart = Restart Dyntray
status-halted = stopped

## HoldReason (hold-…): the reason why an address is held back, the way out, and a short form for lists
hold-elsewhere = This is not the network known as home.
hold-elsewhere-way-out = At home, with a new router? Press “This is my home too”: your host names then point here, and this network counts as home as well. Travelling? There is nothing to do: back home, updates go on by themselves.
hold-elsewhere-short = unknown network, nothing is published
hold-new-router = This is not the network known as home, but its internet provider seems to be the same.
hold-new-router-way-out = At home, with a new router? Press “This is my home too”: from then on this network counts as home as well. Somewhere else? There is nothing to do: back home, updates go on by themselves.
hold-new-router-short = new router? nothing is published
hold-unrecognised = This computer doesn't let Dyntray see which router this is, so it can't tell whether this network is home.
hold-unrecognised-way-out = Are you at home, and does this computer stay there? Press “This is my home too”: your host names then point here. A laptop that travels would from then on also publish from other networks whose router it can't see, such as a café's: pause it on the way. Somewhere else? There is nothing to do.
hold-unrecognised-short = can't tell whether this is home
hold-which-network = Which network this is isn't clear yet.
hold-which-network-way-out = Updates go on by themselves.
hold-which-network-short = recognising the network
hold-vpn = The way to the internet leads through a VPN: this is not your connection's own address.
hold-vpn-way-out = The name keeps its last address. Once the VPN is off, updates go on by themselves. The settings can allow its address under “Advanced”.
hold-vpn-short = held back because of a VPN
hold-conflict = The sources report addresses of different connections, as they do behind a VPN or with a second internet connection.
hold-conflict-way-out = Switch off VPN or proxy, or allow such an address in the settings under “Advanced”.
hold-conflict-short = the sources contradict each other
hold-shared = The provider shares this IPv4 address among customers; your connection can't be reached by it.
hold-shared-way-out = Use IPv6, or ask the provider for a public IPv4 address. The settings can allow it anyway, under “Advanced”.
hold-shared-short = shared IPv4 address, not published
hold-address-kept = The router is connected but doesn't name its address: it is behind another router, or the provider shares the address among customers.
hold-address-kept-way-out = Behind another router: publish it anyway, by “Publish a shared address” in the settings, under “Advanced”. Shared by the provider: use IPv6, or ask for a public IPv4 address.
hold-address-kept-short = behind another router or shared, not published
hold-unconfirmed = Only one source says so yet, and it could be wrong.
hold-unconfirmed-way-out = Dyntray looks a second time by itself.
hold-unconfirmed-short = confirming the address
hold-no-stable-address = All IPv6 addresses that this computer has here will end soon.
hold-no-stable-address-way-out = A lasting one usually follows within seconds. If it doesn't, turn on a lasting IPv6 address in this computer's network settings.
hold-no-stable-address-short = IPv6 address is only temporary, not published
hold-no-prefix = The IPv6 prefix of your home network isn't known, so the device's address isn't either.
hold-no-prefix-way-out = This computer needs an IPv6 address of your home network. If the device is in another network of the router, such as the guest network, the router must report its prefix too.
hold-no-prefix-short = prefix of the home network not known

## Mood: all entries together
mood-empty = Nothing is set up yet
mood-fine = Everything is up to date
mood-working = Updating
mood-waiting = Waiting for the network or the server
mood-paused = Updates are paused
mood-elsewhere = Paused: unknown network
mood-new-router = Paused: new router?
mood-unrecognised = Paused: at home?
mood-needs-you = Something needs attention

## TokenShape: the shape of a typed token
token-shape-empty = Twelve letters in three groups: abcd-efgh-ijkl.
token-shape-update-token = Update token recognised.
token-shape-move-token = This looks like a move token: with a number in front it transfers a host to another user. An update token has only three groups of four letters. Saving is possible anyway.
token-shape-unfinished = The token is not complete yet: three groups of four letters, abcd-efgh-ijkl.
token-shape-misspelt = Almost an update token: it has only small letters and hyphens, abcd-efgh-ijkl.
token-shape-other = Doesn't look like an update token of SPDYN; other services have tokens of other kinds.

## Rejection (refusal-…): the reason why a request wasn't carried out
refusal-fields = Not saved yet: please check the marked fields.
refusal-keyring-locked = Not saved: the keyring is locked. Unlock it, then save again.
refusal-keyring-absent = Not saved: there is no keyring on this system that could keep the token.
refusal-secrets-read-only = Not saved: systemd hands over the token of { $hostnames } (LoadCredential in the service's unit). Put the new one where that line gets it from, and restart the service. "add --credential" adds such a host name.
refusal-not-written = Not saved: { $why }
refusal-changed-meanwhile = Not saved yet: something else was saved meanwhile that touches this.
refusal-settings-file-changed = Not saved: the settings file { $path } was changed by hand, and can't be used as it is: { $why }. Correct it, then save again.
secret-stays = Saved, but an old token or password is still where it was kept. { $why }
refusal-no-such-entry = This entry doesn't exist any more.
refusal-network-unclear = Which network this is isn't clear yet. Please try again in a minute.
refusal-no-window = The window couldn't be opened: { $why }
refusal-not-understood = The window and the program have different versions. Quit Dyntray and start it again.
refusal-not-shown = The folder couldn't be shown: { $why }
refusal-not-copied = The address couldn't be copied: { $why }

## HealthIssue (ailment-…): the program's own faults
ailment-settings-damaged = The settings file was damaged, so Dyntray started with empty settings. The old file is kept at { $kept }.
ailment-history-damaged = State and history were damaged and started afresh. The old ones are kept at { $kept }.
ailment-history-missing = State and history were missing and were started afresh. What services have refused is still known.
ailment-history-newer = Nothing is sent, because state and history were written by a newer version of Dyntray. They stay as they are at { $kept }. Please update Dyntray.
ailment-cannot-remember = Nothing is sent, because the state can't be saved: { $why }
ailment-program-replaced = A new version of Dyntray was installed. It is used after a restart.
ailment-no-tray = No panel shows the tray icon. Dyntray keeps running in the background; starting it again opens this window.
ailment-no-notices = The desktop shows no notifications. Whatever needs attention is shown here and in the tray.
ailment-local-network-denied = macOS keeps Dyntray from the local network, so the router can't be asked. The switch is in System Settings > Privacy & Security > Local Network.

## Accepted, UpdateResult (happening-…)
accepted-good = accepted
accepted-no-change = already up to date
happening-accepted = { $how }
happening-halted = stopped: { $reason }
happening-troubled = { $trouble }
happening-repeated = { $result } ({ $times } times since { $first })

## Cause: the news of a notification
cause-published = { $hostname } now points to { $addresses }.
cause-halted = { $reason }
cause-lasting = { $hostname } couldn't be updated for over an hour. { $trouble }
cause-keyring = { $hostname } can't be updated. { $trouble }
cause-another-updater = Another program seems to update { $hostname } too. Switch it off, or the host may be locked. Where the website has a log of the host, it shows every update.
cause-changed-elsewhere = { $hostname } was changed to { $there } elsewhere. If another program updates this host too, switch it off.
cause-changed-elsewhere-gone = { $hostname } has lost its address in DNS. Dyntray sends it once more; if that doesn't help, check the host on the website.
cause-elsewhere = This is not the network known as home, so { $hostname } keeps its address. Back home, updates go on by themselves.
cause-new-router = This is not the network known as home, but its internet provider seems to be the same. If your router is new, press “This is my home too”. Until then { $hostname } keeps its address.
cause-unrecognised = This computer doesn't let Dyntray see which router this is. If you are at home, press “This is my home too”. Until then { $hostname } keeps its address.
cause-unchanged = { $hostname } already pointed to { $addresses }.
cause-live = The name servers have the new address of { $hostname }: { $address }.
cause-troubled = { $hostname } couldn't be updated just now; it is tried again. { $trouble }
program-still-running = The window is closed; updates go on. The tray icon opens it again.
program-new-version = Dyntray { $version } has been announced. Dyntray installs nothing by itself.
program-third-party = { $silent } hasn't answered for an hour, so { $asked } is asked for your address. The settings let you choose another web resolver under “Advanced”, or switch the further ones off.
program-address-kept = The router is connected but doesn't name its address. Behind another router, which must forward ports, it can be published: switch on “Publish a shared address” in the settings, under “Advanced”. If the provider shares it among customers, your connection can't be reached by it.

## Diagnosis: the state of the network, the way out, and a short form for lists
diagnosis-no-internet = There is no internet connection.
diagnosis-no-internet-way-out = Check cable, Wi-Fi and router. Then updates go on by themselves.
diagnosis-no-internet-short = no internet connection
diagnosis-sign-in-page = A sign-in page blocks the way to the internet.
diagnosis-sign-in-page-way-out = Open any website in the browser and sign in there. Then updates go on by themselves.
diagnosis-sign-in-page-short = sign-in page in between
diagnosis-wrong-clock = This computer's clock looks wrong: it shows { $shows }. No secure connection is possible like that.
diagnosis-wrong-clock-way-out = Set the date and the time, best of all automatically. Then updates go on by themselves.
diagnosis-wrong-clock-short = wrong date on this computer
diagnosis-dns-blocked = The internet can be reached, but names aren't resolved (DNS).
diagnosis-dns-blocked-way-out = Check the name servers in the network settings or in the router; a filter or firewall may block them.
diagnosis-dns-blocked-short = names aren't resolved
diagnosis-elsewhere = This is not the network known as home: nothing is published from here.
diagnosis-elsewhere-way-out = At home, with a new router? Press “This is my home too”: your host names then point here, and this network counts as home as well. Travelling? There is nothing to do: back home, updates go on by themselves.
diagnosis-elsewhere-short = not at home
diagnosis-new-router = This is not the network known as home, but its internet provider seems to be the same. Nothing is published from here.
diagnosis-new-router-way-out = At home, with a new router? Press “This is my home too”: from then on this network counts as home as well. Somewhere else? There is nothing to do: back home, updates go on by themselves.
diagnosis-new-router-short = new router?
diagnosis-unrecognised = This computer doesn't let Dyntray see which router this is, so it can't tell whether this network is home. Nothing is published from here.
diagnosis-unrecognised-way-out = Are you at home, and does this computer stay there? Press “This is my home too”: your host names then point here. A laptop that travels would from then on also publish from other networks whose router it can't see, such as a café's: pause it on the way. Somewhere else? There is nothing to do.
diagnosis-unrecognised-short = at home?
diagnosis-vpn = The address seen on the internet belongs to a VPN or a proxy, not to your own connection. It is not published.
diagnosis-vpn-way-out = Your names keep their last address. Once the VPN is off, updates go on by themselves. No VPN? Perhaps the router has a second connection, such as a mobile one. The settings can allow the address under “Advanced”.
diagnosis-vpn-short = VPN
diagnosis-shared-address = The provider shares this IPv4 address among customers; your connection can't be reached by it, and there is no IPv6 address.
diagnosis-shared-address-way-out = Ask the provider for a public IPv4 address, or for IPv6.
diagnosis-shared-address-ipv6 = The provider shares this IPv4 address among customers; your connection can't be reached by it. IPv6 works.
diagnosis-shared-address-ipv6-way-out = Over IPv6 you can be reached from most mobile networks and homes, but not from networks without IPv6. If that is enough, there is nothing to do. Otherwise ask the provider for a public IPv4 address.
diagnosis-shared-address-short = shared IPv4 address
diagnosis-double-nat = The router is itself behind another router (double NAT).
diagnosis-double-nat-way-out = To make your devices reachable, let the outer router forward ports too, or work as a modem only (bridge mode).
diagnosis-double-nat-short = two routers in a row
diagnosis-address-kept = The router is connected but doesn't name its address: it is behind another router, or the provider shares the address among customers.
diagnosis-address-kept-way-out = Behind another router, which must forward ports: publish it anyway. Shared by the provider: use IPv6, or ask for a public IPv4 address.
diagnosis-address-kept-short = behind another router or shared
diagnosis-ipv6-only = Only IPv6 leads to the internet here.
diagnosis-ipv6-only-way-out = Choose the protocol “IPv6” for the entries, so that Dyntray doesn't look for an IPv4 address in vain.
diagnosis-ipv6-only-short = IPv6 only

## Live, DnsProblem: the answer of the zone's name servers
live-unknown = not checked
live-pending = on its way
live-live = live since { $since }
live-outdated = still points to your old address
live-unsure = published from the network known so far; probably out of date
live-away = published from home; can't be checked from here
live-foreign = changed to { $there } elsewhere
live-foreign-gone = the record is gone
live-cant-verify = can't be checked: { $why }
dns-problem-no-name-servers = the host's name servers weren't found
dns-problem-no-answer = no name server answers; port 53 may be blocked
dns-problem-refused = the name servers don't know the name or refuse
dns-problem-disagree = the name servers don't agree yet

## Outcome: the outcome of all sources' answers
outcome-unknown = Not all sources that matter have answered yet.
outcome-publish = { $address } is used, because { $because }.
outcome-held = { $address } is not published. { $hold }
outcome-held-nothing = Nothing is published. { $hold }
outcome-no-address = This connection has no address of this kind.
outcome-nothing = No source reports an address. { $why }
outcome-device = For another device: { $prefix } is your home network's prefix, { $id } is the device.
outcome-kept = { $address } is sent along as the service has it: the service may delete what a request doesn't name.

## Basis (because-…): completes "… is taken, because …"
because-web-resolver = the web resolver reported it over an encrypted connection
because-two-sources = two sources say the same
because-second-look = a second look showed the same
because-stable-of-prefix = it is this computer's lasting address in the network (prefix) that the web resolver saw
because-routers-prefix = it is this computer's lasting address in the network (prefix) that the router was given
because-own-interface = it is this computer's own
because-fixed = it is set in the settings
because-double-nat = the web resolver reported it, and the router is itself behind another router
because-allowed = the settings allow it, although it may be a VPN's, or shared
because-home-prefix = it has your home network's prefix

## Weight: the weight of one source's answer
weight-taken = used
weight-agrees = agrees
weight-differs = differs
weight-unused = not used

## NextWhy: the reason for the time of the next step; stands after a comma
next-step = Next check
next-try = Next attempt
next-why-round = because nothing changed
next-why-not-reached = because a source couldn't be reached
next-why-second-look = to look a second time
next-why-settling = because the network is still changing
next-why-flapping = because the address keeps changing
next-why-retry = because the last request failed
next-why-retry-after = because the server asked to wait until then
next-why-pace = because the service wants more time between two requests
next-why-other-family = because the other address isn't known yet, and the service may delete what a request doesn't name

## Origin, AddressChoice, Family, Records (protocol-…), LoginKind, NoticeLevel, LanguageChoice
origin-web-resolver = web resolver
origin-fall-back = further web resolver
origin-router = router
origin-interface = this computer
origin-fixed = fixed address
address-choice-webresolver = As the switch “Webresolver” says
address-choice-web = Web resolvers only
address-choice-router = Router only
address-choice-interface = This computer's network interfaces
address-choice-fixed = Fixed address
family-ipv4 = IPv4
family-ipv6 = IPv6
protocol-ipv4 = IPv4
protocol-ipv6 = IPv6
protocol-both = IPv4 and IPv6
login-kind-token = Update token
login-kind-account = Account login
notice-level-off = Off
notice-level-problems = Problems
notice-level-changes = Problems and new addresses
notice-level-all = Everything
language-choice-system = Same as the system
language-choice-de = Deutsch
language-choice-en = English
theme-choice-system = Same as the system
theme-choice-light = Light
theme-choice-dark = Dark
proxy-choice-system = Same as the system
proxy-choice-none = No proxy
proxy-choice-manual = This proxy

## Import: files of other programs
import-source-table = Table of host names and tokens
import-source-ddclient = Settings of ddclient
import-source-inadyn = Settings of inadyn
import-source-update-url = Update URL of a router
import-unknown = { $count ->
    [one] It isn't known where one name points today.
   *[other] It isn't known where { $count } names point today.
}
import-effect-new = new
import-effect-replaces-secret = replaces the token
import-effect-replaces-secret-account = replaces the password
left-out-why-file-too-large = The file is larger than 1 MiB.
left-out-why-not-text = This is not a text file.
left-out-why-not-recognised = Dyntray can't read this file: it is neither a table of tokens, nor settings of ddclient or inadyn, nor an update URL.
left-out-why-too-many = more than 2,000 entries
left-out-why-no-hostname = no host name
left-out-why-not-a-hostname = not a host name
left-out-why-other-letters = DNS spells these letters in another way; please write the name as your service shows it, beginning with xn--
left-out-why-wildcard = an asterisk stands for any name; Dyntray updates single host names: please enter each one
left-out-why-no-secret = no token or password
left-out-why-placeholder = a placeholder instead of a token or password
left-out-why-move-token = a move token: it gives the host to another user and can't update it
left-out-why-not-a-secret = a token or password with control characters
left-out-why-not-a-server = not a server that can be used
left-out-why-not-a-user = a user name with a colon
left-out-why-other-protocol = a protocol other than dyndns2, or a request that Dyntray can't make
left-out-why-base64 = the update URL holds user and password in base64 (<b64>), which Dyntray can't write into a URL. It sends both in the request's header (HTTP Basic) anyway: please enter the update URL without this part, and user and password in their fields
left-out-why-twice = already in this file
left-out-why-again = again further down in this file
left-out-why-ambiguous = several entries have this host name; please enter the token in the settings
left-out-why-unclear = several words follow a password without quotation marks; please put it in quotation marks
left-out-why-other-file = another file is included; please import that one, too
left-out-why-switched-off = switched off in this file
remark-what-server-moved = update.spdns.de is now update.spdyn.de
remark-what-spelling = this is how DNS spells a name with umlauts
remark-what-interface = the name of the interface is not taken over: Dyntray finds the interface to the internet itself
remark-what-one-source = IPv4 and IPv6 came from different sources; Dyntray asks a web service and the router for both
remark-what-other-source = the address came from a command or was not a public one; Dyntray asks a web service and the router
remark-what-other-web-page = the address came from another web page; Dyntray asks its own web resolver and the router. The page can be entered in the settings as a further web resolver
remark-what-wildcard = Dyntray does not switch the service's wildcard on or off; it stays as it is
remark-what-prefix = the prefix of the home network is not sent
remark-what-ends-with-comma = the password ends with a comma, as ddclient reads it; if none belongs to it, please enter the password again
remark-what-token-misspelt = almost an update token: it has only small letters and hyphens, abcd-efgh-ijkl
remark-what-token-unfinished = the token is too short: three groups of four letters, abcd-efgh-ijkl

## LogLevel
log-level-error = Error
log-level-warn = Warning
log-level-info = Information
log-level-debug = Detail
log-level-trace = Trace

## The form's fields, and what was changed in it by somebody else
field-enabled = Enabled
field-hostname = Hostname
field-login = Log in with
field-user = User
field-provider = Service
field-server = Server
field-update-url = Update URL
field-webresolver = Webresolver
field-protocol = Protocol
field-address-from = Address from
field-fixed-ipv4 = Fixed IPv4 address
field-fixed-ipv6 = Fixed IPv6 address
field-device = Another device
field-language = Language
field-theme = Appearance
field-notices = Notifications
field-resolver-ipv4 = Web resolver IPv4
field-resolver-ipv6 = Web resolver IPv6
fall-backs = Further web resolvers
field-interval = Interval
field-home-lock = Home network only
field-publish-vpn = Publish despite a VPN
field-publish-shared = Publish a shared address
field-name-server = Name server
field-proxy = Proxy
field-proxy-address = Proxy address
field-releases = New versions
conflict-place = { $hostname }: { $field }
conflict-removed = { $hostname } was removed meanwhile. Saving makes a new entry of it.
conflict-changed = { $hostname } was changed meanwhile. Here it was removed.
