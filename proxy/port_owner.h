/*
 * port_owner.h - whose a TCP port is that we cannot have
 */
#ifndef POSTERN_PORT_OWNER_H
#define POSTERN_PORT_OWNER_H

#include <stdbool.h>
#include <sys/socket.h>

#define PORT_OWNER_SIZE 96

/* Says who listens there: "davmail (process 123)", or "a process of user 1000"
 * where we may not look closer.  False when nobody is found. */
bool port_owner(const struct sockaddr *address, char out[PORT_OWNER_SIZE]);

#endif
