/*
 * address.h - where a listener listens, as people write it
 *
 *     127.0.0.1:1143   [::1]:1143   *:1143   unix:/run/postern/imap
 */
#ifndef POSTERN_CONFIG_ADDRESS_H
#define POSTERN_CONFIG_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#define ADDRESS_FORMS                                                          \
    "addresses such as 127.0.0.1:1143, [::1]:1143, *:1143 or unix:/path"

struct address {
    struct sockaddr_storage socket;
    socklen_t len;
    bool any; /* "*": IPv6 and IPv4 */
};

/* Reads one; false for anything else.  "*" is every address of this host, IPv4
 * and IPv6.  A port of 0 takes any that is free. */
bool address_parse(const char *text, struct address *address_out);

/* Whether only this host can reach it. */
bool address_is_local(const struct sockaddr *address);

/* The form above, for people; and the host alone, always as IPv4 where it
 * is. */
#define ADDRESS_TEXT_SIZE 128
void address_format(const struct sockaddr *address,
                    char out[ADDRESS_TEXT_SIZE]);
void address_format_host(const struct sockaddr *address,
                         char out[ADDRESS_TEXT_SIZE]);

#endif
