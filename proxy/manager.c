/*
 * manager.c - the service manager that has started us
 *
 * A datagram to the socket that $NOTIFY_SOCKET names: sd_notify(3) promises
 * that it stays so.  libsystemd would bring half a dozen libraries along for
 * it, and a megabyte.
 */
#include "proxy/manager.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* False when it is no address of a socket: a path, or "@" and a name. */
static bool read_address(const char *text, struct sockaddr_un *address,
                         socklen_t *len_out)
{
    size_t len = strlen(text);

    if ((text[0] != '/' && text[0] != '@') || len >= sizeof address->sun_path)
        return false;
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    memcpy(address->sun_path, text, len);
    if (text[0] == '@')
        address->sun_path[0] = '\0';
    *len_out = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    return true;
}

void manager_tell(const char *state)
{
    const char *text = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address;
    socklen_t len;

    if (text == NULL || !read_address(text, &address, &len))
        return;
    int way = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (way < 0)
        return;
    sendto(way, state, strlen(state), MSG_NOSIGNAL,
           (const struct sockaddr *)&address, len);
    close(way);
}
