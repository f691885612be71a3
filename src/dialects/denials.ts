/** Turns denials by security modules about IPsec programs into one sentence for signatures to match. */

/** Substrings that identify our programs in an AppArmor profile, or in an SELinux command or domain. */
const OURS = /charon|pluto|racoon|ipsec|swan|stroke|whack/;

/**
 * Parses a record of AppArmor (`apparmor="DENIED" operation="open" profile="/usr/lib/ipsec/charon" name="/etc/gw.pem"
 * ...`, Linux, security/apparmor/audit.c) or SELinux (`avc:  denied  { read } for  pid=7 comm="charon"
 * path="/etc/gw.pem" ...`, avc.c). The result names the program and what it was denied: `AppArmor denies
 * /usr/lib/ipsec/charon: open /etc/gw.pem`. Null for records that are merely logged (`ALLOWED`, `permissive=1`) and for
 * other programs.
 */
export function readDenial(message: string): string | null {
  if (message.includes('apparmor="DENIED"')) {
    const program = quoted(message, 'profile') ?? quoted(message, 'comm');
    const object = quoted(message, 'name') ?? quoted(message, 'capname') ?? quoted(message, 'family');
    return sentence('AppArmor', program, quoted(message, 'operation'), object);
  }
  const begin = message.indexOf('avc:  denied  { ');
  if (begin < 0 || message.includes('permissive=1')) return null;
  const operation = message.slice(begin + 16, message.indexOf(' }', begin));
  return sentence('SELinux', quoted(message, 'comm'), operation, quoted(message, 'path') ?? quoted(message, 'name') ?? plain(message, 'tclass'));
}

function sentence(module: string, program: string | null, operation: string | null, object: string | null): string | null {
  if (program === null || !OURS.test(program)) return null;
  return `${module} denies ${program}: ${[operation, object].filter((part) => part !== null && part.length < 256).join(' ')}`;
}

function quoted(message: string, key: string): string | null {
  const begin = message.indexOf(` ${key}="`) + key.length + 3;
  const end = message.indexOf('"', begin);
  return begin < key.length + 3 || end < 0 ? null : message.slice(begin, end);
}

function plain(message: string, key: string): string | null {
  const begin = message.indexOf(` ${key}=`) + key.length + 2;
  const end = message.indexOf(' ', begin);
  return begin < key.length + 2 ? null : message.slice(begin, end < 0 ? undefined : end);
}
