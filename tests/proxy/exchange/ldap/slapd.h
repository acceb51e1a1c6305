/*
 * slapd.h - OpenLDAP's server with some people in it, for one test
 */
#ifndef POSTERN_TESTS_SLAPD_H
#define POSTERN_TESTS_SLAPD_H

#include <stdbool.h>
#include <sys/types.h>

#define SLAPD_BASE "dc=example,dc=com"
#define SLAPD_ANN "uid=ann,ou=people," SLAPD_BASE /* password "ann" */

struct slapd {
    char directory[32]; /* of all its files */
    char *ca_file;      /* who has signed its certificate */
    int port;           /* plain, with StartTLS */
    int tls_port;
    pid_t pid;
};

/* How it shall differ from a usual one. */
struct slapd_kind {
    bool like_active_directory; /* says so in its root */
    bool no_tls;
    unsigned crowd; /* people besides those of the entries */
};

/* Whether there is one on this machine. */
bool slapd_is_installed(void);

/* Starts it with these entries (LDIF) below SLAPD_BASE, besides Ann and her
 * colleagues.  Fails the test where it does not come up. */
void slapd_begin(struct slapd *slapd, const struct slapd_kind *kind,
                 const char *entries);
void slapd_end(struct slapd *slapd);

/* Stops it and starts it again at the same ports. */
void slapd_restart(struct slapd *slapd);

#endif
