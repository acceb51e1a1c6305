/*
 * harness.h - the real gateway before a simulated Exchange, for real programs
 *
 * Each test has its own: an Exchange on HTTPS within the test's process, the
 * daemon as a child, both on ports that nobody uses, and a new directory
 * that is HOME for the programs.  Two people have mailboxes, and their
 * passwords are "secret".
 */
#ifndef POSTERN_TESTS_CLIENTS_HARNESS_H
#define POSTERN_TESTS_CLIENTS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/exchange/exchange.h"

#define ANN "ann@postern.example"
#define BOB "bob@postern.example"
#define PASSWORD "secret"

/* How long a test may take, and how long it waits for one thing.  No test is
 * about how soon: these are for what never comes, on a machine that has ten
 * other things to do. */
#define SECONDS 900
#define WAIT_SECONDS 180

/* Settings with which an operation that fails is given up soon, and with which
 * a call that hangs is, too: as soon as that is told from a busy machine. */
#define IMPATIENT "[exchange]\npatience = 2\n"
#define HASTY IMPATIENT "timeout = 6\n"

/* Settings with which one that fails once is done all the same. */
#define PATIENT "[exchange]\npatience = 2m\n"

struct harness {
    struct exchange *exchange;
    char directory[64];
    char ca_file[96]; /* of the gateway's own certificate */
    char *settings;   /* more lines for the file of settings */
    pid_t daemon;     /* 0 while it does not run */
    uint16_t imap;
    uint16_t imaps;
    uint16_t smtp;
    uint16_t smtps;
    uint16_t caldav;
    uint16_t caldavs;
    uint16_t ldap;
    uint16_t ldaps;
};

/* Starts all of it.  `settings` are lines of postern.conf, or NULL. */
void harness_start(struct harness *harness, enum exchange_version version,
                   const char *settings);

/* Stops all of it; expects that the daemon ends with 0 and complains of
 * nothing. */
void harness_stop(struct harness *harness);

/* The daemon alone.  `harness_daemon_start` waits until it listens,
 * `harness_daemon_kill` until Exchange has done what it was asked for. */
void harness_daemon_start(struct harness *harness);
void harness_daemon_stop(struct harness *harness);
void harness_daemon_kill(struct harness *harness);

/* What the daemon has logged; free it. */
char *harness_log(const struct harness *harness);

/* The daemon's resident memory, now and at its peak, and its CPU time. */
size_t harness_resident_kb(const struct harness *harness);
size_t harness_peak_kb(const struct harness *harness);
double harness_cpu_seconds(const struct harness *harness);

/* A message for ANN's inbox, with CRLF line ends; returns its text, to be
 * freed. */
char *harness_message(const char *subject, const char *message_id,
                      const char *body);
void harness_deliver(struct harness *harness, const char *folder,
                     const char *mime);

/* Puts `count` messages into the inbox: "Number 1", "Number 2" and so on. */
void harness_deliver_many(struct harness *harness, size_t count);

/* Writes a file below the directory; the text is a format, and mode is 0600. */
void harness_write(const struct harness *harness, const char *name,
                   const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A file below the directory, or NULL; free it. */
char *harness_read(const struct harness *harness, const char *name);

/* "DIRECTORY/name"; free it. */
char *harness_path(const struct harness *harness, const char *name);

/* Waits up to so many seconds until a folder (NULL: the inbox) has so many
 * messages. */
bool harness_wait_count(struct harness *harness, const char *user,
                        const char *folder, size_t count, double seconds);

/* Sets a fault: that operation (NULL: any) fails so many times. */
void harness_fault(struct harness *harness, const char *operation,
                   enum exchange_fault fault, unsigned times, long parameter);

/* Ends all faults, and waits until the gateway asks Exchange again and is
 * answered. */
void harness_recover(struct harness *harness);


#endif
