/*
 * link.h - a plain or encrypted connection to the gateway, line by line
 */
#ifndef POSTERN_TESTS_CLIENTS_LINK_H
#define POSTERN_TESTS_CLIENTS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link;

/* Connects to 127.0.0.1; the test fails when that fails. */
struct link *link_open(uint16_t port);
void link_close(struct link **link);

/* Starts TLS and checks the certificate against the file. */
void link_start_tls(struct link *link, const char *ca_file);

void link_send(struct link *link, const void *data, size_t len);

/* Sends no more, and goes on reading: what "printf ... | socat" does. */
void link_end(struct link *link);

/* The next line without its CRLF, or NULL when none has come within the seconds
 * or the other side has closed; free it. */
char *link_line(struct link *link, double seconds);

/* So many octets; NULL as for link_line. */
char *link_octets(struct link *link, size_t len, double seconds);

/* Whether the other side closes within the seconds; what comes is lost. */
bool link_is_closed(struct link *link, double seconds);

#endif
