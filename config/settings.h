/*
 * settings.h - everything that can be set
 *
 * settings.c holds the one table: section, key, type, default, limits and the
 * sentence for the manual.  Numbers with units are in the unit that the name
 * says.
 */
#ifndef POSTERN_CONFIG_SETTINGS_H
#define POSTERN_CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum auth_scheme { AUTH_AUTO, AUTH_BASIC, AUTH_NTLM, AUTH_NEGOTIATE };
enum token_use { TOKENS_NO, TOKENS_YES, TOKENS_ONLY };
enum push_means { PUSH_AUTO, PUSH_STREAM, PUSH_PULL, PUSH_POLL };
enum cache_how { CACHE_DISK, CACHE_MEMORY, CACHE_OFF };
enum tasks_where { TASKS_APART, TASKS_IN_CALENDAR };
enum delete_how { DELETE_SOFT, DELETE_TO_TRASH, DELETE_HARD };

struct exchange_settings {
    char *url;
    enum auth_scheme auth;
    enum token_use tokens; /* whether clients log in with their own */
    char *ca;              /* PEM file, added to the system's; "" for none */
    char *domain;          /* put before user names without one */
    char *proxy;           /* "" leaves it to the environment */
    char *user_agent;
    char *tls_min;            /* "1.2" */
    uint32_t connect_timeout; /* seconds */
    uint32_t timeout;         /* seconds without progress before a call is given
                                 up */
    uint32_t patience;        /* seconds of back-off and retries for one
                                 operation */
    uint32_t concurrency;     /* ordinary calls at once per account */
    uint32_t folder_interval; /* seconds */
    uint32_t store_interval;  /* seconds */
    uint32_t status_interval; /* seconds */
    uint32_t poll_interval;   /* seconds between looks at a watched folder */
    enum push_means push;     /* how Exchange tells of news */
    uint32_t push_timeout;    /* seconds that a stream of news lasts */
    uint32_t push_silence;    /* seconds without a sign of life in it */
    uint32_t push_linger;     /* seconds that it stays without a listener */
    uint32_t pull_interval;   /* seconds between questions for news */
    uint64_t answer_limit;    /* octets of one answer, MIME content not
                                 counted */
};

struct listener_settings {
    char *listen;             /* "127.0.0.1:1143 [::1]:1143 unix:/run/x"; "" is
                                 off */
    char *listen_tls;         /* implicit TLS; "" is off */
    uint32_t idle_timeout;    /* seconds between commands */
    uint32_t command_timeout; /* seconds within one */
    uint32_t max_connections;
    uint32_t max_per_peer;
    uint64_t line_limit; /* octets of a command without its literals'
                            data */
};

struct imap_settings {
    struct listener_settings listener;
    uint64_t literal_limit; /* octets of a literal that is not a message */
    uint64_t append_limit;  /* octets of all messages of one command */
    bool exact_sizes;       /* read messages whose exact size is asked for */
};

struct smtp_settings {
    struct listener_settings listener;
    uint32_t max_recipients;
};

struct caldav_settings {
    struct listener_settings listener;
    uint64_t header_limit;   /* octets of a request's header */
    uint64_t body_limit;     /* octets of a request's body */
    uint32_t href_limit;     /* resources that one request names */
    uint32_t result_limit;   /* changes told at once; 0: all */
    char *zone;              /* "Europe/Berlin"; "" is Outlook's or this
                                machine's */
    enum tasks_where tasks;  /* whether the calendar shows them */
};

struct ldap_settings {
    struct listener_settings listener; /* line_limit: octets of a message */
    uint32_t size_limit;               /* entries of one answer; 0: all */
    uint32_t time_limit;               /* seconds for one search */
};

struct directory_settings {
    uint32_t cache_seconds; /* how long answers of Exchange are kept */
    uint64_t cache_limit;   /* octets of them, for all accounts */
    bool offline;           /* keep the offline address book */
    uint32_t book_interval; /* seconds between looks for a new edition */
    uint64_t book_limit;    /* octets of its files */
    uint64_t book_kept;     /* octets of one that is kept for the next */
    char *server;           /* "ldaps://gc.example.com:3269"; "": Exchange */
    char *server_base;      /* "" is what the server names */
    char *server_bind;      /* "%u" is the user; "" is the user as he logs in */
    bool server_plain;      /* passwords to it without TLS */
    uint64_t photo_limit;   /* octets of one picture */
};

struct mail_settings {
    enum delete_how delete;
    bool recognise_sent;
    uint64_t message_limit; /* octets; 0 leaves it to Exchange */
    char *shared;           /* addresses of other people's mailboxes */
    bool public_folders;
    bool archive; /* the online archive, where there is one */
    bool recoverable;
    bool search_folders;
};

struct tls_settings {
    char *certificate; /* PEM chain; "" is off */
    char *key;
    bool allow_plain; /* passwords without TLS from other hosts */
};

struct store_settings {
    char *path;             /* the state directory; "memory" keeps all in RAM */
    enum cache_how cache;   /* where rendered messages are kept */
    uint64_t cache_limit;   /* octets of rendered messages per account */
    uint64_t header_limit;  /* octets of headers per account */
    uint64_t view_limit;    /* octets of lists of messages, in memory, for all
                               accounts */
    uint64_t read_ahead;    /* octets of messages read before they are asked
                               for */
    uint32_t tombstones;    /* UIDs of gone messages per folder */
    uint32_t tombstone_age; /* seconds */
    uint32_t cache_seconds; /* how long a password is remembered */
};

struct log_settings {
    char *level;
};

struct service_settings {
    uint32_t workers;         /* threads for requests */
    uint64_t output_limit;    /* octets in files for clients that read slowly */
    uint32_t drain_timeout;   /* seconds for requests to end after SIGTERM */
    uint32_t max_connections; /* in all */
};

struct settings {
    struct service_settings service;
    struct exchange_settings exchange;
    struct imap_settings imap;
    struct smtp_settings smtp;
    struct caldav_settings caldav;
    struct ldap_settings ldap;
    struct directory_settings directory;
    struct mail_settings mail;
    struct tls_settings tls;
    struct store_settings store;
    struct log_settings log;
};

/* All defaults. */
struct settings *settings_new(void);
void settings_free(struct settings **settings);

/* Reads an INI file over what is there.  False with a text that names file,
 * line, key and what was expected; free it. */
bool settings_read_file(struct settings *settings, const char *path,
                        char **error_out);

/* Sets one key as the command line and tests do: "exchange.url",
 * "https://...". */
bool settings_set(struct settings *settings, const char *key, const char *value,
                  char **error_out);

/* What has to fit together (a key without a certificate, no address of
 * Exchange). */
bool settings_check(const struct settings *settings, char **error_out);

/* The section of a protocol that listens; NULL when there is none of that
 * name. */
const struct listener_settings *settings_listener(
    const struct settings *settings, const char *section);

/* A person's own file; and that or the service's.  NULL if there is none. */
char *settings_personal_path(void);
char *settings_default_path(void);

/* The table as the body of postern.conf(5), and as an example file. */
void settings_write_manual(FILE *out);
void settings_write_example(FILE *out);

#endif
