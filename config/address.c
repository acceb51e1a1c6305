/*
 * address.c - where a listener listens, as people write it
 */
#include "config/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "proxy/base/str.h"

static bool parse_unix(const char *path, struct address *address)
{
    struct sockaddr_un *name = (struct sockaddr_un *)&address->socket;

    if (*path != '/' || strlen(path) >= sizeof name->sun_path)
        return false;
    name->sun_family = AF_UNIX;
    memcpy(name->sun_path, path, strlen(path) + 1);
    address->len = sizeof *name;
    return true;
}

static bool parse_ip4(const char *host, uint16_t port, struct address *address)
{
    struct sockaddr_in *name = (struct sockaddr_in *)&address->socket;

    if (inet_pton(AF_INET, host, &name->sin_addr) != 1)
        return false;
    name->sin_family = AF_INET;
    name->sin_port = htons(port);
    address->len = sizeof *name;
    return true;
}

static bool parse_ip6(const char *host, uint16_t port, struct address *address)
{
    struct sockaddr_in6 *name = (struct sockaddr_in6 *)&address->socket;

    if (inet_pton(AF_INET6, host, &name->sin6_addr) != 1)
        return false;
    name->sin6_family = AF_INET6;
    name->sin6_port = htons(port);
    address->len = sizeof *name;
    return true;
}

bool address_parse(const char *text, struct address *address_out)
{
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN + 2];
    uint64_t port;

    memset(address_out, 0, sizeof *address_out);
    if (str_starts(text, "unix:"))
        return parse_unix(text + strlen("unix:"), address_out);
    if (colon == NULL || (size_t)(colon - text) >= sizeof host ||
        !str_to_u64(colon + 1, UINT16_MAX, &port))
        return false;

    size_t len = (size_t)(colon - text);
    memcpy(host, text, len);
    host[len] = '\0';
    if (str_equal(host, "*")) {
        address_out->any = true;
        return parse_ip6("::", (uint16_t)port, address_out);
    }
    if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
        host[len - 1] = '\0';
        return parse_ip6(host + 1, (uint16_t)port, address_out);
    }
    return parse_ip4(host, (uint16_t)port, address_out);
}

bool address_is_local(const struct sockaddr *address)
{
    const struct sockaddr_in *ip4 = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *ip6 = (const struct sockaddr_in6 *)address;

    switch (address->sa_family) {
    case AF_UNIX:
        return true;
    case AF_INET:
        return ntohl(ip4->sin_addr.s_addr) >> 24 == 127;
    case AF_INET6:
        return IN6_IS_ADDR_LOOPBACK(&ip6->sin6_addr) ||
               (IN6_IS_ADDR_V4MAPPED(&ip6->sin6_addr) &&
                ip6->sin6_addr.s6_addr[12] == 127);
    default:
        return false;
    }
}

void address_format(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE])
{
    const struct sockaddr_in *ip4 = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *ip6 = (const struct sockaddr_in6 *)address;
    const struct sockaddr_un *local = (const struct sockaddr_un *)address;
    char host[INET6_ADDRSTRLEN] = "?";

    switch (address->sa_family) {
    case AF_UNIX:
        snprintf(out, ADDRESS_TEXT_SIZE, "unix:%s", local->sun_path);
        break;
    case AF_INET:
        inet_ntop(AF_INET, &ip4->sin_addr, host, sizeof host);
        snprintf(out, ADDRESS_TEXT_SIZE, "%s:%u", host, ntohs(ip4->sin_port));
        break;
    case AF_INET6:
        inet_ntop(AF_INET6, &ip6->sin6_addr, host, sizeof host);
        snprintf(out, ADDRESS_TEXT_SIZE, "[%s]:%u", host,
                 ntohs(ip6->sin6_port));
        break;
    default:
        snprintf(out, ADDRESS_TEXT_SIZE, "?");
    }
}

void address_format_host(const struct sockaddr *address,
                         char out[ADDRESS_TEXT_SIZE])
{
    const struct sockaddr_in *ip4 = (const struct sockaddr_in *)address;
    const struct sockaddr_in6 *ip6 = (const struct sockaddr_in6 *)address;

    snprintf(out, ADDRESS_TEXT_SIZE, "unix");
    if (address->sa_family == AF_INET)
        inet_ntop(AF_INET, &ip4->sin_addr, out, ADDRESS_TEXT_SIZE);
    else if (address->sa_family == AF_INET6 &&
             IN6_IS_ADDR_V4MAPPED(&ip6->sin6_addr))
        inet_ntop(AF_INET, ip6->sin6_addr.s6_addr + 12, out, ADDRESS_TEXT_SIZE);
    else if (address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &ip6->sin6_addr, out, ADDRESS_TEXT_SIZE);
}
