/*
 * client.h - an IMAP client for unit tests: no loop, no socket
 *
 * What it says goes through the framer into a session over an Exchange in
 * memory, and what the session answers is what it hears.
 */
#ifndef POSTERN_TESTS_IMAP_CLIENT_H
#define POSTERN_TESTS_IMAP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;

/* An Exchange with the users ann@example.com and bob@example.com, password
 * "secret", and the accounts of a gateway to it; the second with a setting that
 * accounts take over when they are made. */
struct imap_world;
struct imap_world *imap_world_new(void);
struct imap_world *imap_world_new_with(const char *key, const char *value);
void imap_world_free(struct imap_world **world);
struct exchange *imap_world_exchange(struct imap_world *world);

/* A small unread message of that subject in ann's folder (NULL: the inbox). */
void imap_world_add(struct imap_world *world, const char *folder,
                    const char *subject);

/* Changes a setting: "imap.exact_sizes", "yes". */
void imap_world_set(struct imap_world *world, const char *key,
                    const char *value);

struct imap_client;

/* Somebody who is connected, and somebody who is logged in as ann. */
struct imap_client *imap_client_new(struct imap_world *world);
struct imap_client *imap_client_ann(struct imap_world *world);
void imap_client_free(struct imap_client **client);

/* Whether a password may travel. */
void imap_client_set_private(struct imap_client *client, bool is_private);

/* The client does not read any more; what it has said before still runs. */
void imap_client_hang_up(struct imap_client *client);

/* Says the text, with "\n" for CRLF, and returns what came back, with "\n" as
 * well, until the next call. */
const char *imap_client_say(struct imap_client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether a text is as a pattern says, in which "#" stands for any number and
 * "*" at the end of a line for the rest of it. */
bool imap_is_like(const char *text, const char *pattern);

/* The number that follows the first `before` in a text; 0 if there is none. */
uint64_t imap_number_after(const char *text, const char *before);

/* The same for octets as they are. */
const char *imap_client_say_octets(struct imap_client *client, const char *data,
                                   size_t len);

/* What a client hears that is woken, be it once or several times, until it is
 * like the pattern, or until nothing more comes. */
const char *imap_client_hear(struct imap_client *client, const char *pattern);

/* Whether the session wants the connection closed. */
bool imap_client_is_closed(const struct imap_client *client);

#endif
