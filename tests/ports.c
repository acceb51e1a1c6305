/*
 * ports.c - ports for programs that cannot be asked which they have taken
 */
#include "tests/ports.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Where clients begin unless an administrator wants otherwise is 32768. */
#define FIRST 12000
#define COUNT 20000

/* Takes the port for this process until it ends: a name that only one socket of
 * this machine can have. */
static bool reserve(uint16_t port)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int len = snprintf(address.sun_path + 1, sizeof address.sun_path - 1,
                       "postern-test-port-%u", port);
    socklen_t size =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(file, (struct sockaddr *)&address, size) == 0)
        return true;
    close(file);
    return false;
}

static struct sockaddr_in address_of(uint16_t port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons(port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static bool is_free(uint16_t port)
{
    struct sockaddr_in address = address_of(port);
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool bound = bind(file, (struct sockaddr *)&address, sizeof address) == 0;

    close(file);
    return bound;
}

uint16_t ports_take(void)
{
    for (;;) {
        uint16_t random = 0;

        cr_assert(getrandom(&random, sizeof random, 0) == sizeof random);
        uint16_t port = (uint16_t)(FIRST + random % COUNT);
        if (reserve(port) && is_free(port))
            return port;
    }
}

bool ports_is_open(uint16_t port)
{
    struct sockaddr_in address = address_of(port);
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool open =
        connect(file, (struct sockaddr *)&address, sizeof address) == 0;

    close(file);
    return open;
}
