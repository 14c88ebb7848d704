#!/bin/sh
# Usage, as root: install-quietly.sh PACKAGE...
# Installs Debian packages and leaves no system service of theirs started or enabled. Never removes a package.
# It is a process of its own, so that policy-rc.d is put away whatever becomes of the program that called it.
set -u
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
policy=/usr/sbin/policy-rc.d
mark='# Written by a Verifeed set-up, for as long as its installation runs.'
work=$(mktemp -d) || exit 1

# Two set-ups at once: the second waits, or the first would take the policy away from under it.
exec 9>/run/verifeed-install.lock && flock 9

finish() {
	if grep -qsxF "$mark" "$policy"; then rm -f "$policy"; fi
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# A policy that somebody else wrote stays as it is; one that a killed set-up left goes.
if [ ! -e "$policy" ] || grep -qsxF "$mark" "$policy"; then
	printf '#!/bin/sh\n%s\nkill -0 %s 2>/dev/null && exit 101\nexit 0\n' "$mark" $$ >"$policy" || exit 1
	chmod 755 "$policy"
fi

installed() {
	dpkg-query -W -f '${db:Status-Status} ${binary:Package}\n' | sed -n 's/^installed //p' | sort
}

# With --no-remove apt refuses to take out a MySQL that is here to make room for MariaDB.
install_packages() {
	apt-get install -y -q --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" 9>&-
}

installed >"$work/before"
status=0
install_packages "$@" || { apt-get update -q -o Acquire::Retries=3; install_packages "$@"; } || status=$?
installed >"$work/after"

comm -13 "$work/before" "$work/after" | xargs -r dpkg -L >"$work/files"
units=$(sed -n 's,^\(/usr\)\?/lib/systemd/system/\([^/@]*\.\(service\|socket\|timer\)\)$,\2,p' "$work/files" | sort -u)
scripts=$(sed -n 's,^/etc/init\.d/\([^/]*\)$,\1,p' "$work/files" | sort -u)
if [ -n "$units" ] && command -v systemctl; then
	# shellcheck disable=SC2086 # one word a unit
	if [ -d /run/systemd/system ]; then
		systemctl disable --now $units
	else
		systemctl --root=/ disable $units
	fi
fi
for script in $scripts; do
	# A policy of somebody else's that lets services start has let this one, and RabbitMQ leaves its epmd.
	if "$policy" "$script" start; then
		"/etc/init.d/$script" stop
		if [ "$script" = rabbitmq-server ]; then epmd -kill; fi
	fi
	command -v update-rc.d && update-rc.d "$script" disable
done
exit "$status"
