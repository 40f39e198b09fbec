// What the web pages of our own MSN server say. Paths, keys and lines to copy stand here, too: a translator leaves them as they are.

export const pages = {
  'page.title': '{title} - {domain}',
  'page.nav-start': 'Start',
  'page.nav-register': 'Make an account',
  'page.nav-password': 'Change the password',
  'page.nav-connect': 'Connect',
  'page.nav-ca': 'Certificate',
  'page.plain':
    'This page came to you without encryption, and so does what you write on it. Use a password that you use nowhere else, or come back by https://.',
  'page.start-title': 'Welcome',
  'page.start-what':
    '{domain} is an MSN server. MSN Messenger 1.0 to Windows Live Messenger 2009, and other clients that speak MSN, sign in here as they did long ago.',
  'page.start-steps': 'Two steps:',
  'page.start-step-account': 'Make an account.',
  'page.start-step-account-closed': 'Ask the person who runs this server for an account.',
  'page.start-step-connect': 'Tell your client where the server is.',
  'page.fault-title': 'That did not work',
  'page.fault-ours': 'Something is wrong with the server. Please try again in a while, or tell the person who runs it.',
  'page.fault-yours': 'What your browser sent is not a form of this page, or it is too long. Please go back and try again.',

  'page.address': 'Address',
  'page.address-hint': 'What you sign in with, such as juliet@{domain}. Without "@", {domain} is added.',
  'page.password': 'Password',
  'page.password-hint':
    'At most {longest} letters: some clients cut longer ones, and could not sign in. Accented letters count as two or more.',
  'page.password-again': 'The same again',
  'page.password-old': 'Your password now',
  'page.password-new': 'The new password',
  'page.invite': 'Invitation code',
  'page.invite-hint': 'You get one from the person who runs this server.',
  'page.old-clients': 'Also for MSN Messenger 1.0 to 4.7',
  'page.old-clients-hint':
    'These know only an old way to sign in (MD5). For it the server must keep something that is as good as your password to whoever reads its database, and anybody who listens on your network can try to guess the password from it. Tick this only if you use such a client; without it, these cannot sign in.',
  'page.form-token': 'This form was open for too long, or your browser refuses cookies. Please send it once more.',
  'page.form-broken': 'Please fill in every field, and none with more than {longest} letters.',
  'page.form-not-same': 'The two passwords are not the same.',
  'page.too-many': 'That was tried too often from where you are. Please come back in an hour.',

  'page.register-title': 'Make an account',
  'page.register-send': 'Make the account',
  'page.register-closed': 'Accounts are made by the person who runs this server. Please ask them.',
  'page.register-bad-invite': 'This invitation code is not good, or not any more.',
  'page.register-taken': 'There is an account {email} already.',
  'page.register-done-title': 'Your account is there',
  'page.register-done': 'You can sign in as {email} now.',
  'page.register-next': 'Next: tell your client where the server is.',

  'page.password-title': 'Change the password',
  'page.password-send': 'Change it',
  'page.password-wrong': 'The address or the password is wrong, or it was wrong too often. Then wait for a quarter of an hour.',
  'page.password-done-title': 'Your password is changed',
  'page.password-done': 'From now on {email} signs in with the new password.',

  'page.ca-title': 'The certificate of this server',
  'page.ca-none': 'This server has no certificate authority of its own.',
  'page.ca-what':
    'Clients from MSN 5.0 on ask for the names of Microsoft by HTTPS, and nobody but Microsoft gets a public certificate for those. So this server has an authority of its own. A computer that trusts it lets your client sign in here.',
  'page.ca-warning':
    'Mind: who has the key of this authority can pose as any web site to a computer that trusts it. Install it on an old computer or a virtual machine that you use for MSN, not where you do your banking.',
  'page.ca-der': 'The certificate for Windows and Mac (DER)',
  'page.ca-pem': 'The certificate for Linux and aMSN (PEM)',
  'page.ca-compare': 'Compare what is installed with this. The person who runs the server can tell you, too ("nudge ca show").',
  'page.ca-windows-title': 'Windows',
  'page.ca-windows':
    'Open the file, choose "Install Certificate", then "Place all certificates in the following store", and there "Trusted Root Certification Authorities". On Windows Vista and later, start Internet Explorer as administrator for that, or add it for the whole computer with: certutil -addstore Root nudge-ca.crt',
  'page.ca-mac-title': 'Mac',
  'page.ca-mac':
    'Open the file with Keychain Access, add it to "System" (on Mac OS X 10.4 and older: X509Anchors), and set it to "Always Trust".',
  'page.ca-linux-title': 'Linux, Pidgin, aMSN',
  'page.ca-linux':
    'Debian and Ubuntu: put the PEM file into /usr/local/share/ca-certificates as nudge-ca.crt and run update-ca-certificates. aMSN has a folder of its own, ca-certs, beside its program: put the PEM file there.',

  'connect.title': 'Connect your client',
  'connect.what':
    'Every client has the names of the servers of Microsoft built in. It comes here when these names lead to this server, or when it is told another name. What you need depends on the client; below, each has its part.',
  'connect.server': 'Server',
  'connect.notification': 'Sign-in (TCP)',
  'connect.switchboard': 'Conversations (TCP)',
  'connect.web': 'Web services (HTTP)',
  'connect.secure-web': 'Web services (HTTPS)',
  'connect.secure-none': 'not by this server itself',
  'connect.odd-port':
    'Clients know only port {usual}. This server uses {port}; ask the person who runs it, or look for a setting of the client.',

  'connect.hosts-title': 'The hosts file: for every client',
  'connect.hosts':
    'Add these lines to the file "hosts" of the computer (as administrator). A name that is not needed by your client does no harm.',
  'connect.hosts-address': 'Write the IP address of {domain} for SERVER; "ping {domain}" shows it.',
  'connect.hosts-where':
    'Windows 95, 98, Me: C:\\Windows\\hosts (without an ending). Windows NT and 2000: C:\\WINNT\\system32\\drivers\\etc\\hosts. Windows XP and later: C:\\Windows\\System32\\drivers\\etc\\hosts. Mac OS X and Linux: /etc/hosts.',
  'connect.hosts-since': 'MSN {since} and later',
  'connect.hosts-file': 'These lines as a file',
  'connect.dns-title': 'DNS: for a whole network',
  'connect.dns':
    'Who runs the name server of a network (a router, dnsmasq, Pi-hole) can answer the same names with the address of this server. Then no computer needs a hosts file. Nobody in that network reaches the real servers under these names any more.',
  'connect.patched-title': 'A patched program',
  'connect.patched':
    'The names can also be replaced in the program file itself, each by one of the same length or shorter, filled up with zero bytes, that leads here. Then neither a hosts file nor, if https:// became http://, a certificate is needed. Programs that were patched for another server sign in there, not here.',
  'connect.gateway-title': 'Behind a proxy: HTTP instead of TCP',
  'connect.gateway':
    'Where only the web can be reached, clients from MSN 4.0 on use http://gateway.messenger.hotmail.com/gateway/gateway.dll by themselves, or when they are set to connect by an HTTP proxy. That name must lead here on port 80.',

  'connect.msn1-title': 'MSN Messenger 1.0 to 4.7',
  'connect.msn1':
    'They need only messenger.hotmail.com, and no certificate. Your account must be made for them: tick "{tick}" when you make it or change the password.',
  'connect.msn1-registry': 'Or save these lines as msn.reg and open it; the program then asks for the server of that name:',
  'connect.msn5-title': 'MSN Messenger 5.0 to 6.2, 7.0',
  'connect.msn5':
    'They ask nexus.passport.com by HTTPS where to sign in: hosts file (or DNS) and the certificate. Versions 5 and 6 remember the last server in the registry, under HKEY_CURRENT_USER\\Software\\Microsoft\\MSNMessenger.',
  'connect.msn75-title': 'MSN Messenger 7.5',
  'connect.msn75': 'It asks login.live.com by HTTPS: hosts file (or DNS) and the certificate.',
  'connect.wlm8-title': 'Windows Live Messenger 8.0, 8.1, 8.5',
  'connect.wlm8':
    'They ask login.live.com, and for the contact list contacts.msn.com and byrdr.omega.contacts.msn.com, all by HTTPS: hosts file (or DNS) and the certificate.',
  'connect.wlm2009-title': 'Windows Live Messenger 2009',
  'connect.wlm2009':
    'Like 8.5. Windows Live Messenger 2012 speaks only a later MSN (MSNP21), which this server does not; 2011 was not tried.',
  'connect.mac-title': 'Messenger for Mac 7 and 8',
  'connect.mac': 'Like Windows Live Messenger 8.1: hosts file and the certificate, in the keychain "System".',
  'connect.pidgin-title': 'Pidgin, Finch, bitlbee with libpurple',
  'connect.pidgin':
    'The plug-in for MSN is no longer part of libpurple; it must be the last one of the 2.x source. In the account, under "Advanced", write {domain} for the server and {port} for the port. The names login.live.com and local-bay.contacts.msn.com cannot be set: hosts file and the certificate (Linux). It wants TLS 1.2. "Use HTTP method" goes by the HTTP gateway on port 80.',
  'connect.pecan-title': 'msn-pecan (WLM for Pidgin)',
  'connect.pecan':
    'Server and port are set in the account, as in Pidgin. login.live.com needs the hosts file and the certificate.',
  'connect.amsn-title': 'aMSN',
  'connect.amsn':
    'In its config file, set default_ns_server to {domain}:{port}. The names of the web services need the hosts file, and the certificate in the folder ca-certs of aMSN.',

  'connect.faults-title': 'When it does not work',
  'connect.fault-tls':
    'Error 80072EFD, 80048821 or 80048823 although the password is right: the clock of the computer is wrong, the certificate is not installed, or SSL and TLS do not fit. In the Internet Options, tab "Advanced", switch SSL 2.0 and SSL 3.0 off and TLS 1.0 on.',
  'connect.fault-xp':
    'Windows XP and older know only ciphers (3DES, RC4) that this server cannot speak by itself. The person who runs it needs stunnel for them; see docs/connect.md.',
  'connect.fault-cache':
    'After another server: delete HKEY_CURRENT_USER\\Software\\Microsoft\\IdentityCRL; for 8.0 also …\\MSNMessenger\\Policies; for 8.1 and later …\\Windows Live\\Communications Clients\\Shared.',
  'connect.fault-long-wait':
    'Half a minute of waiting in the middle: one of the names does not lead anywhere. Compare the hosts file with the list above.',
} as const
