/*
 * porter.h - minds the doors: listens, lets clients in, keeps to the limits
 *
 * A door is one protocol with its settings and its addresses.  The porter owns
 * the loop.
 */
#ifndef POSTERN_PORTER_H
#define POSTERN_PORTER_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#include <uv.h>

struct gateway;
struct protocol;
struct porter;
struct settings;
struct tls_context;

/* `settings` has the limits for all doors. */
struct porter *porter_new(const struct settings *settings);

/* Frees what is left; the porter does not run. */
void porter_free(struct porter **porter);

/*
 * Opens a door at the addresses in the settings' section of its name.  False
 * with a text when one of them cannot be had; free it.  An address family that
 * this host does not have is no error as long as another address works.  The
 * TLS context is referenced; the rest outlives the porter.
 */
bool porter_open_door(struct porter *porter, const struct protocol *protocol,
                      const struct gateway *gateway, struct tls_context *tls,
                      char **error_out);

/* Loop: what new clients of all doors get from now on. */
void porter_reload(struct porter *porter, const struct gateway *gateway,
                   struct tls_context *tls);

/* The port of the nth address that is listened on, in the order of opening; 0
 * for a Unix socket or when there are not so many. */
uint16_t porter_port(const struct porter *porter, size_t nth);

/* The first port of a protocol for clients who begin without TLS; 0 for
 * none. */
uint16_t porter_port_of(const struct porter *porter, const char *protocol);

/* Has `rest` called on the loop whenever nothing has happened there for so many
 * milliseconds: once, until something does. */
void porter_when_quiet(struct porter *porter, uint64_t milliseconds,
                       void (*rest)(void *subject), void *subject);

/* Runs until porter_stop and until the last request and client have gone. */
void porter_run(struct porter *porter);

/* Any thread: no new clients; idle ones are asked to leave, requests may end
 * within the drain timeout and are given up then.  The second call gives up at
 * once. */
void porter_stop(struct porter *porter);

/* For signals beside the connections.  Their handles are given to uv_close
 * before the porter is freed. */
uv_loop_t *porter_loop(struct porter *porter);

#endif
