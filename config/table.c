/*
 * table.c - the one table of settings
 *
 * A line for each: where it stands, of what type it is, what it is without
 * being set, between what limits, and the sentence that the manual says about
 * it.
 */
#include "config/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

#define AT(member) offsetof(struct settings, member)
#define KILO 1024ull
#define MEGA (1024 * KILO)
#define GIGA (1024 * MEGA)
#define HOUR 3600
#define DAY (24 * HOUR)

/* clang-format off */
static const struct {
    const char *section;
    const char *about;
} sections[] = {
    { "exchange", "Where Exchange is and how to speak to it." },
    { "imap",     "The door for reading mail." },
    { "smtp",     "The door for sending mail." },
    { "caldav",   "The door for calendars, tasks and contacts (CalDAV and CardDAV)." },
    { "ldap",     "The door for looking up people (LDAP).  Before it has searched a client may be"
                  " silent for command_timeout only." },
    { "directory", "Where people are looked up." },
    { "mail",     "How messages are treated." },
    { "tls",      "TLS towards mail programs.  Towards Exchange there always is." },
    { "store",    "What is kept on disk.  All of it can be fetched again." },
    { "log",      "What is told to the administrator." },
    { "service",  "The process as a whole." },
};

#define LISTENER(SECTION, MEMBER, ADDRESSES_, IDLE, MOST, PEER, LINE) \
    { SECTION, "listen", ADDRESSES, AT(MEMBER.listener.listen), ADDRESSES_, 0, 0, NULL, \
      "Where to listen: any number of IP addresses with a port, or unix:/path." \
      "  Empty turns this door off." }, \
    { SECTION, "listen_tls", ADDRESSES, AT(MEMBER.listener.listen_tls), "", 0, 0, NULL, \
      "The same for connections that begin with TLS; needs a certificate." }, \
    { SECTION, "idle_timeout", SECONDS, AT(MEMBER.listener.idle_timeout), IDLE, \
      1, DAY, NULL, \
      "How long a client may be silent between two commands." }, \
    { SECTION, "command_timeout", SECONDS, AT(MEMBER.listener.command_timeout), "5m", \
      1, DAY, NULL, \
      "How long a client may be silent within one command, and how long it may leave" \
      " unread what it is sent." }, \
    { SECTION, "max_connections", NUMBER, AT(MEMBER.listener.max_connections), MOST, \
      1, 100000, NULL, \
      "How many connections this door takes at once." }, \
    { SECTION, "max_per_peer", NUMBER, AT(MEMBER.listener.max_per_peer), PEER, \
      1, 100000, NULL, \
      "How many of them from one address." }, \
    { SECTION, "line_limit", OCTETS, AT(MEMBER.listener.line_limit), LINE, \
      512, 16 * MEGA, NULL, \
      "The longest command, not counting the data of literals." }

const struct setting setting_table[] = {
    { "exchange", "url", TEXT, AT(exchange.url), "", 0, 0, NULL,
      "The address of Exchange Web Services, such as"
      " https://mail.example.com/EWS/Exchange.asmx.  It has to be set." },
    { "exchange", "auth", CHOICE, AT(exchange.auth), "auto", 0, 0,
      "auto basic ntlm negotiate",
      "How to log in with a password; auto takes what the server offers." },
    { "exchange", "tokens", CHOICE, AT(exchange.tokens), "no", 0, 0, "no yes only",
      "Whether mail programs may log in with a token that they have got themselves (XOAUTH2,"
      " OAUTHBEARER), which Exchange is then shown: Exchange Online, or Exchange 2013 and later"
      " with hybrid modern authentication.  With \"only\" there are no passwords any more." },
    { "exchange", "ca", FILE_NAME, AT(exchange.ca), "", 0, 0, NULL,
      "A PEM file with certificate authorities to trust besides the system's." },
    { "exchange", "domain", TEXT, AT(exchange.domain), "", 0, 0, NULL,
      "The Windows domain of user names that come without one." },
    { "exchange", "proxy", TEXT, AT(exchange.proxy), "", 0, 0, NULL,
      "The HTTP proxy on the way.  Empty leaves it to the environment"
      " (https_proxy, no_proxy)." },
    { "exchange", "user_agent", TEXT, AT(exchange.user_agent), "Postern/" POSTERN_VERSION,
      0, 0, NULL,
      "What the gateway calls itself; some servers admit only known names." },
    { "exchange", "tls_min", WORD, AT(exchange.tls_min), "1.2", 0, 0, "1.0 1.1 1.2 1.3",
      "The oldest version of TLS that is good enough." },
    { "exchange", "connect_timeout", SECONDS, AT(exchange.connect_timeout), "10s",
      1, HOUR, NULL,
      "How long connecting may take." },
    { "exchange", "timeout", SECONDS, AT(exchange.timeout), "2m", 1, HOUR, NULL,
      "After how long without progress a call is given up." },
    { "exchange", "patience", SECONDS, AT(exchange.patience), "50s", 0, HOUR, NULL,
      "How long a request waits in all when Exchange asks to come back later."
      "  Mail programs give up after a minute." },
    { "exchange", "concurrency", NUMBER, AT(exchange.concurrency), "4", 1, 27, NULL,
      "How many ordinary calls are on their way at once for one account.  Exchange"
      " allows 27 for each user, over all of his programs." },
    { "exchange", "folder_interval", SECONDS, AT(exchange.folder_interval), "1m",
      0, DAY, NULL,
      "How old the list of folders may be before it is looked at again." },
    { "exchange", "store_interval", SECONDS, AT(exchange.store_interval), "10m",
      0, DAY, NULL,
      "The same for shared mailboxes, public folders and the online archive." },
    { "exchange", "status_interval", SECONDS, AT(exchange.status_interval), "5s",
      0, DAY, NULL,
      "How old the counts of a folder may be when a client asks for them." },
    { "exchange", "push", CHOICE, AT(exchange.push), "auto", 0, 0,
      "auto stream pull poll",
      "How Exchange tells of news while a client watches: stream by itself, over a call"
      " that hangs (Exchange 2010 SP1 and later); pull when it is asked; poll not at all,"
      " so that folders are looked at.  auto takes the first that works." },
    { "exchange", "push_timeout", SECONDS, AT(exchange.push_timeout), "29m",
      60, 1800, NULL,
      "How long such a call lasts before it is made anew, in whole minutes.  Something in"
      " between that cuts long calls needs less." },
    { "exchange", "push_silence", SECONDS, AT(exchange.push_silence), "2m",
      2, HOUR, NULL,
      "After how long without a sign of life such a call is taken for dead.  Exchange"
      " gives one every 45 seconds." },
    { "exchange", "push_linger", SECONDS, AT(exchange.push_linger), "5m", 0, DAY, NULL,
      "How long the mailbox is watched after the last client has ceased to." },
    { "exchange", "pull_interval", SECONDS, AT(exchange.pull_interval), "2s",
      1, HOUR, NULL,
      "How often Exchange is asked for news where that is how it tells of them." },
    { "exchange", "poll_interval", SECONDS, AT(exchange.poll_interval), "30s",
      1, DAY, NULL,
      "How often, at most, a folder that a client watches is looked at where Exchange"
      " does not tell of news; sooner after there were some." },
    { "exchange", "answer_limit", OCTETS, AT(exchange.answer_limit), "64M",
      MEGA, 16 * GIGA, NULL,
      "The longest answer to read, not counting the content of messages." },

    LISTENER("imap", imap, "127.0.0.1:1143 [::1]:1143", "30m", "1000", "200", "64K"),
    { "imap", "literal_limit", OCTETS, AT(imap.literal_limit), "64K", 1024, GIGA, NULL,
      "The longest literal that is not a message." },
    { "imap", "append_limit", OCTETS, AT(imap.append_limit), "1G", MEGA, 1024 * GIGA, NULL,
      "How much the messages that one command stores may have in all; they wait in a"
      " temporary file." },
    { "imap", "exact_sizes", SWITCH, AT(imap.exact_sizes), "no", 0, 0, NULL,
      "Read every message whose size is asked for, as Exchange's own sizes are"
      " estimates.  Costs a download of each." },

    LISTENER("smtp", smtp, "127.0.0.1:1025 [::1]:1025", "5m", "200", "50", "16K"),
    { "smtp", "max_recipients", NUMBER, AT(smtp.max_recipients), "1000",
      100, 100000, NULL,
      "How many recipients one message may have." },

    LISTENER("caldav", caldav, "127.0.0.1:1080 [::1]:1080", "5m", "1000", "200", "8K"),
    { "caldav", "header_limit", OCTETS, AT(caldav.header_limit), "64K", 1024, 16 * MEGA, NULL,
      "The longest header of a request." },
    { "caldav", "body_limit", OCTETS, AT(caldav.body_limit), "32M", 64 * KILO, GIGA, NULL,
      "The longest body of a request: an event with what is attached to it, a contact"
      " with its photo." },
    { "caldav", "href_limit", NUMBER, AT(caldav.href_limit), "10000", 100, 1000000, NULL,
      "How many events or contacts one request may name." },
    { "caldav", "result_limit", NUMBER, AT(caldav.result_limit), "0", 0, 1000000, NULL,
      "How many changes are told at once to a client that synchronises; it asks again"
      " for the rest, if it knows how.  0 tells all of them." },
    { "caldav", "zone", TEXT, AT(caldav.zone), "", 0, 0, NULL,
      "The time zone of those who have chosen none in Outlook on the Web, such as"
      " Europe/Berlin; empty: that of this machine." },
    { "caldav", "tasks", CHOICE, AT(caldav.tasks), "apart", 0, 0, "apart calendar",
      "Where everyone's own tasks are: apart, in a collection of their own, or in the"
      " calendar beside the events, for programs that know of one collection only, as"
      " with DavMail.  Other lists of tasks are collections of their own always.  Programs"
      " read the calendar anew when this is changed." },

    LISTENER("ldap", ldap, "127.0.0.1:1389 [::1]:1389", "12h", "1000", "200", "256K"),
    { "ldap", "size_limit", NUMBER, AT(ldap.size_limit), "1000", 0, 1000000, NULL,
      "How many entries one search is answered with at most, in pages or without them;"
      " a client may ask for fewer.  0 sets no limit." },
    { "ldap", "time_limit", SECONDS, AT(ldap.time_limit), "1m", 1, HOUR, NULL,
      "How long one search may take; a client may ask for less." },

    { "directory", "cache_seconds", SECONDS, AT(directory.cache_seconds), "5m", 0, DAY, NULL,
      "How long what Exchange has told of people is kept." },
    { "directory", "cache_limit", OCTETS, AT(directory.cache_limit), "16M", 0, GIGA, NULL,
      "How much of it is kept in memory, for all accounts together." },
    { "directory", "offline", SWITCH, AT(directory.offline), "no", 0, 0, NULL,
      "Download the offline address book, where Exchange offers one, and look people up"
      " there: at once, and without Exchange." },
    { "directory", "book_interval", SECONDS, AT(directory.book_interval), "1d",
      60, 30 * DAY, NULL,
      "How often a new edition of it is looked for." },
    { "directory", "book_limit", OCTETS, AT(directory.book_limit), "1G",
      MEGA, 64 * GIGA, NULL,
      "How large its files may be." },
    { "directory", "book_kept", OCTETS, AT(directory.book_kept), "256M",
      0, 64 * GIGA, NULL,
      "How large it may be, unpacked, to be kept beside the index, for each user: then a"
      " new edition takes a download of its changes only.  0 keeps none." },
    { "directory", "server", TEXT, AT(directory.server), "", 0, 0, NULL,
      "An LDAP server to look people up at instead of Exchange, such as the global"
      " catalog of Active Directory: ldaps://gc.example.com:3269.  Everyone is logged in"
      " there with his own password." },
    { "directory", "server_base", TEXT, AT(directory.server_base), "", 0, 0, NULL,
      "Below which entry it is searched; empty: below the first that it names." },
    { "directory", "server_bind", TEXT, AT(directory.server_bind), "", 0, 0, NULL,
      "The name to log in with there, where %u stands for the user, such as"
      " uid=%u,ou=people,dc=example,dc=com; empty: the user as he logs in here." },
    { "directory", "server_plain", SWITCH, AT(directory.server_plain), "no", 0, 0, NULL,
      "Send passwords to it even where it offers no TLS." },
    { "directory", "photo_limit", OCTETS, AT(directory.photo_limit), "4M",
      KILO, 64 * MEGA, NULL,
      "The largest picture of a person." },

    { "mail", "delete", CHOICE, AT(mail.delete), "soft", 0, 0, "soft trash hard",
      "What becomes of a message that a client expunges: soft leaves it to be"
      " recovered in Outlook, trash moves it to Deleted Items, hard destroys it." },
    { "mail", "recognise_sent", SWITCH, AT(mail.recognise_sent), "yes", 0, 0, NULL,
      "Recognise the copy that a client puts into the sent folder, where Exchange has"
      " put one already, instead of keeping both." },
    { "mail", "message_limit", OCTETS, AT(mail.message_limit), "0", 0, 1024 * GIGA, NULL,
      "The largest message to take; to be set where the server takes more or less than"
      " Exchange does as it is installed, which is what 0 means." },
    { "mail", "shared", TEXT, AT(mail.shared), "", 0, 0, NULL,
      "Addresses of other people's mailboxes to show to everyone who has a right to"
      " them, under Shared/<address>; their calendars and address books are found"
      " beside one's own.  Others are there once a client has asked for them by name." },
    { "mail", "public_folders", SWITCH, AT(mail.public_folders), "yes", 0, 0, NULL,
      "Show the public folders under Public, when a client looks there." },
    { "mail", "archive", SWITCH, AT(mail.archive), "yes", 0, 0, NULL,
      "Show the online archive, where there is one, under Archive Mailbox." },
    { "mail", "recoverable", SWITCH, AT(mail.recoverable), "no", 0, 0, NULL,
      "Show what was deleted and can be recovered under Recoverable Items, to be read"
      " only." },
    { "mail", "search_folders", SWITCH, AT(mail.search_folders), "no", 0, 0, NULL,
      "Show the search folders that Outlook has made under Search Folders, to be read"
      " only.  Programs that copy all mailboxes copy what is in them once more." },

    { "tls", "certificate", FILE_NAME, AT(tls.certificate), "", 0, 0, NULL,
      "A PEM file with the certificate shown to mail programs, and its chain." },
    { "tls", "key", FILE_NAME, AT(tls.key), "", 0, 0, NULL,
      "A PEM file with its key; empty takes the certificate's file." },
    { "tls", "allow_plain", SWITCH, AT(tls.allow_plain), "no", 0, 0, NULL,
      "Take passwords from other hosts without TLS.  Anyone on the way can read"
      " them." },

    { "store", "path", FILE_NAME, AT(store.path), "~/.local/state/postern", 0, 0, NULL,
      "The directory for what is known of mailboxes; memory keeps it in memory."
      "  $XDG_STATE_HOME and systemd's $STATE_DIRECTORY are honoured." },
    { "store", "cache", CHOICE, AT(store.cache), "disk", 0, 0, "disk memory off",
      "Where messages that were read are kept, so that the next time Exchange need not"
      " be asked: on the disk, in memory (at most 32M of them for each account), or"
      " nowhere." },
    { "store", "cache_limit", OCTETS, AT(store.cache_limit), "512M", 0, 1024 * GIGA, NULL,
      "How much room messages may take there, for each account." },
    { "store", "header_limit", OCTETS, AT(store.header_limit), "1G", 0, 1024 * GIGA, NULL,
      "How much room the headers of messages may take in the index, for each"
      " account; the oldest are read again when they are asked for." },
    { "store", "view_limit", OCTETS, AT(store.view_limit), "64M", 0, 64 * GIGA, NULL,
      "How much memory the lists of what is in folders may take in all, 40 octets for"
      " each message, before those that no program has open are given up.  A folder"
      " whose list is there opens at once." },
    { "store", "read_ahead", OCTETS, AT(store.read_ahead), "1M", 0, 8 * MEGA, NULL,
      "How much of what follows is read along when a program reads the messages of a"
      " folder one after the other.  0 reads what is asked for and no more." },
    { "store", "tombstones", NUMBER, AT(store.tombstones), "20000", 0, 10000000, NULL,
      "How many messages that are gone each folder remembers, so that programs which"
      " were away can be told which these are." },
    { "store", "tombstone_age", SECONDS, AT(store.tombstone_age), "90d", HOUR, 3650 * DAY, NULL,
      "How long they are remembered." },
    { "store", "cache_seconds", SECONDS, AT(store.cache_seconds), "1h", 0, DAY, NULL,
      "How long a password that Exchange has accepted is recognised without asking"
      " again." },

    { "log", "level", WORD, AT(log.level), "info", 0, 0, "error warning info debug",
      "How much to tell." },

    { "service", "workers", NUMBER, AT(service.workers), "32", 2, 1024, NULL,
      "How many requests are worked on at once." },
    { "service", "output_limit", OCTETS, AT(service.output_limit), "1G", 0, 1024 * GIGA, NULL,
      "How much of what clients have asked for, and are slow to read, may wait in"
      " temporary files; one client may have an eighth of it.  Beyond it requests wait"
      " for their clients, and clients who hold up others are closed." },
    { "service", "drain_timeout", SECONDS, AT(service.drain_timeout), "10s", 0, HOUR, NULL,
      "How long requests may take to end when the gateway is told to stop." },
    { "service", "max_connections", NUMBER, AT(service.max_connections), "2000",
      1, 100000, NULL,
      "How many connections there may be in all." },
};
/* clang-format on */

const size_t setting_count = sizeof setting_table / sizeof setting_table[0];

const char *setting_section_about(const char *section)
{
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (str_equal(sections[i].section, section))
            return sections[i].about;
    return NULL;
}

const struct setting *setting_find(const char *section, const char *key)
{
    for (size_t i = 0; i < setting_count; i++)
        if (str_equal(setting_table[i].section, section) &&
            str_equal(setting_table[i].key, key))
            return &setting_table[i];
    return NULL;
}

char *setting_text(const char *format, ...)
{
    char *text;
    va_list args;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        memory_exhausted();
    va_end(args);
    return text;
}
