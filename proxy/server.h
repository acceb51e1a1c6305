/*
 * server.h - the loop with its doors: listens, takes clients, keeps to the
 * limits
 *
 * A door is one protocol with its settings and its addresses.
 */
#ifndef POSTERN_SERVER_H
#define POSTERN_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#include <uv.h>

struct gateway;
struct protocol;
struct server;
struct settings;
struct tls_context;

/* `settings` has the limits for all doors. */
struct server *server_new(const struct settings *settings);

/* Frees what is left; the server does not run. */
void server_free(struct server **server);

/*
 * Opens a door at the addresses in the settings' section of its name.  False
 * with a text when one of them cannot be had; free it.  An address family that
 * this host does not have is no error as long as another address works.  The
 * TLS context is referenced; the rest outlives the server.
 */
bool server_open_door(struct server *server, const struct protocol *protocol,
                      const struct gateway *gateway, struct tls_context *tls,
                      char **error_out);

/* Loop: what new clients of all doors get from now on. */
void server_reload(struct server *server, const struct gateway *gateway,
                   struct tls_context *tls);

/* The port of the nth address that is listened on, in the order of opening; 0
 * for a Unix socket or when there are not so many. */
uint16_t server_port(const struct server *server, size_t nth);

/* The first port of a protocol for clients who begin without TLS; 0 for
 * none. */
uint16_t server_port_of(const struct server *server, const char *protocol);

/* Runs until server_stop and until the last request and client have gone. */
void server_run(struct server *server);

/* Any thread: no new clients; idle ones are asked to leave, requests may end
 * within the drain timeout and are given up then.  The second call gives up at
 * once. */
void server_stop(struct server *server);

/* For signals beside the connections.  Their handles are given to uv_close
 * before the server is freed. */
uv_loop_t *server_loop(struct server *server);

#endif
