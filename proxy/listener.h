/*
 * listener.h - one address that clients connect to
 */
#ifndef POSTERN_LISTENER_H
#define POSTERN_LISTENER_H

#include <sys/socket.h>
#include <uv.h>

#include "config/address.h"

struct listener;

/*
 * Binds and listens.  `accepted` is called on the loop for each client and
 * takes over the socket.  NULL with a text that says what is wrong and who has
 * the port; free it.  A Unix socket is made for the user alone; a stale one is
 * replaced.
 */
struct listener *listener_new(uv_loop_t *loop, const struct address *address,
                              void (*accepted)(void *subject, int socket,
                                               const struct sockaddr *peer),
                              void *subject, char **error_out);

/* Where it listens, with the port that was found for port 0. */
const struct sockaddr *listener_address(const struct listener *listener);

/* Stops listening; the memory goes when the loop has run once more. */
void listener_free(struct listener **listener);

#endif
