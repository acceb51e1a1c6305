/*
 * script.h - plays a conversation to the gateway
 *
 * A script has one line for each thing that happens:
 *
 *     C: text       the client sends a line
 *     C+ text       the client sends just that; \r \n \0 \t \\ are as in C
 *     S: pattern    the next line of the server fits; "*" stands for anything
 *     S. pattern    some line of the server fits; those before it may be any
 *     S- pattern    the same, but those before it fit nothing behind " !! "
 *     T:            TLS starts
 *     E:            the server hangs up
 *     # text        a remark; empty lines are remarks, too
 */
#ifndef POSTERN_TESTS_CLIENTS_SCRIPT_H
#define POSTERN_TESTS_CLIENTS_SCRIPT_H

#include <stdbool.h>

struct harness;
struct link;

/* Whether a line fits a pattern. */
bool script_fits(const char *pattern, const char *line);

/* Plays to an open connection; the test fails where the server says something
 * else. */
void script_play(const struct harness *harness, struct link *link,
                 const char *script);

/* Waits for a line that fits and returns it; free it. */
char *script_line(const struct harness *harness, struct link *link,
                  const char *pattern);

/* Opens a connection, logs ANN in, plays, and closes. */
void script_imap(const struct harness *harness, const char *script);
void script_smtp(const struct harness *harness, const char *script);

/* An open connection on which ANN has logged in. */
struct link *script_imap_open(const struct harness *harness);
struct link *script_smtp_open(const struct harness *harness);

#endif
