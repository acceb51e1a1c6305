/*
 * link_open.c - a new connection to an LDAP server
 *
 * Whom it believes is the same as for Exchange (http/certificates.h), whatever
 * the machine's ldap.conf says.  Referrals are not followed: the password is
 * for this server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/http/certificates.h"
#include "proxy/exchange/ldap/link_private.h"

#define CAPABLE_AS_ACTIVE_DIRECTORY "1.2.840.113556.1.4.800"

/* The result of an operation that has nothing else to say. */
static enum status wait_result(struct op *op, const struct ldap_links *links,
                               LDAP *link, int id, const char *doing)
{
    LDAPMessage *message;
    int code = LDAP_OTHER;
    enum status status = ldap_link_wait(op, links, link, id, &message);

    if (status != STATUS_OK)
        return status;
    int parsed =
        ldap_parse_result(link, message, &code, NULL, NULL, NULL, NULL, true);
    return ldap_told(op, parsed == LDAP_SUCCESS ? code : parsed, doing);
}

/* --- TLS and the login ---------------------------------------------------- */

/* The certificates we believe as the file that the library wants: one without a
 * name. */
static int open_certificates(const struct ldap_links *links)
{
    struct buf all;
    int file = -1;

    buf_init(&all, NULL);
    if (certificates_load(links->ca, &all))
        file = memfd_create("certificates", MFD_CLOEXEC);
    if (file >= 0 && write(file, all.data, all.len) != (ssize_t)all.len) {
        close(file);
        file = -1;
    }
    buf_fini(&all);
    return file;
}

static bool trust(const struct ldap_links *links, LDAP *link)
{
    int demand = LDAP_OPT_X_TLS_DEMAND;
    int oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    int client = 0;
    char path[sizeof "/proc/self/fd/-2147483648"];
    int file = open_certificates(links);

    if (file < 0)
        return false;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    bool good =
        ldap_set_option(link, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand) == 0 &&
        ldap_set_option(link, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest) == 0 &&
        ldap_set_option(link, LDAP_OPT_X_TLS_CACERTFILE, path) == 0 &&
        ldap_set_option(link, LDAP_OPT_X_TLS_CACERTDIR, NULL) == 0 &&
        ldap_set_option(link, LDAP_OPT_X_TLS_NEWCTX, &client) == 0;
    close(file);
    return good;
}

static bool set_options(const struct ldap_links *links, LDAP *link)
{
    int version = LDAP_VERSION3;
    struct timeval connect = { links->connect_timeout, 0 };
    ber_len_t most = (ber_len_t)links->answer_limit;
    Sockbuf *socket = NULL;

    ldap_get_option(link, LDAP_OPT_SOCKBUF, &socket);
    return ldap_set_option(link, LDAP_OPT_PROTOCOL_VERSION, &version) == 0 &&
           ldap_set_option(link, LDAP_OPT_NETWORK_TIMEOUT, &connect) == 0 &&
           ldap_set_option(link, LDAP_OPT_TIMEOUT, &connect) == 0 &&
           ldap_set_option(link, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == 0 &&
           ldap_set_option(link, LDAP_OPT_RESTART, LDAP_OPT_ON) == 0 &&
           socket != NULL &&
           ber_sockbuf_ctrl(socket, LBER_SB_OPT_SET_MAX_INCOMING, &most) > 0 &&
           trust(links, link);
}

/* Has TLS before anything is said that is not for everyone's ears. */
static enum status encrypt(struct op *op, const struct ldap_links *links,
                           LDAP *link)
{
    if (str_starts_nocase(links->url, "ldaps:") ||
        str_starts_nocase(links->url, "ldapi:"))
        return STATUS_OK;
    int code = ldap_start_tls_s(link, NULL, NULL);
    if (code == LDAP_SUCCESS)
        return STATUS_OK;
    bool refused = code == LDAP_PROTOCOL_ERROR || code == LDAP_UNAVAILABLE ||
                   code == LDAP_UNWILLING_TO_PERFORM;
    if (refused && links->plain)
        return STATUS_OK;
    return ldap_told(op, code, "starting TLS");
}

static enum status log_in(struct op *op, const struct ldap_links *links,
                          LDAP *link)
{
    struct berval password = { secret_len(links->secret),
                               (char *)secret_expose(links->secret) };
    int id = -1;

    if (password.bv_len == 0) /* which would be nobody's login */
        return ldap_told(op, LDAP_INVALID_CREDENTIALS, "logging in");
    int code = ldap_sasl_bind(link, links->name, LDAP_SASL_SIMPLE, &password,
                              NULL, NULL, &id);

    return code == LDAP_SUCCESS ? wait_result(op, links, link, id, "logging in")
                                : ldap_told(op, code, "logging in");
}

/* --- What the server says of itself --------------------------------------- */

static bool has_value(LDAP *link, LDAPMessage *entry, const char *attribute,
                      const char *wanted)
{
    struct berval **values = ldap_get_values_len(link, entry, attribute);
    bool found = false;

    for (size_t i = 0; values != NULL && values[i] != NULL; i++)
        found |= str_is_nocase(values[i]->bv_val, values[i]->bv_len, wanted);
    ldap_value_free_len(values);
    return found;
}

static char *first_value(LDAP *link, LDAPMessage *entry, const char *attribute)
{
    struct berval **values = ldap_get_values_len(link, entry, attribute);
    char *text = values != NULL && values[0] != NULL
                     ? memory_strdup(values[0]->bv_val)
                     : NULL;

    ldap_value_free_len(values);
    return text;
}

static void learn(struct ldap_links *links, LDAP *link, LDAPMessage *entry)
{
    char *base = *links->base != '\0' ? memory_strdup(links->base) : NULL;

    if (base == NULL && entry != NULL)
        base = first_value(link, entry, "rootDomainNamingContext");
    if (base == NULL && entry != NULL)
        base = first_value(link, entry, "defaultNamingContext");
    if (base == NULL && entry != NULL)
        base = first_value(link, entry, "namingContexts");
    bool active =
        entry != NULL && has_value(link, entry, "supportedCapabilities",
                                   CAPABLE_AS_ACTIVE_DIRECTORY);
    pthread_mutex_lock(&links->lock);
    if (links->about.base == NULL) {
        links->about.active_directory = active;
        links->about.base = base != NULL ? base : memory_strdup("");
        base = NULL;
    }
    pthread_mutex_unlock(&links->lock);
    free(base);
}

static enum status ask_about(struct op *op, struct ldap_links *links,
                             LDAP *link)
{
    static const char *const attributes[] = { "namingContexts",
                                              "defaultNamingContext",
                                              "rootDomainNamingContext",
                                              "supportedCapabilities", NULL };
    LDAPMessage *message = NULL;
    int id = -1;
    int code =
        ldap_search_ext(link, "", LDAP_SCOPE_BASE, "(objectClass=*)",
                        (char **)attributes, 0, NULL, NULL, NULL, 1, &id);

    if (code != LDAP_SUCCESS)
        return ldap_told(op, code, "reading the root");
    enum status status = ldap_link_wait(op, links, link, id, &message);
    if (status != STATUS_OK)
        return status;
    bool is_entry = ldap_msgtype(message) == LDAP_RES_SEARCH_ENTRY;
    learn(links, link, is_entry ? message : NULL);
    ldap_msgfree(message);
    return is_entry ? wait_result(op, links, link, id, "reading the root")
                    : STATUS_OK;
}

static bool knows_about(struct ldap_links *links)
{
    pthread_mutex_lock(&links->lock);
    bool knows = links->about.base != NULL;
    pthread_mutex_unlock(&links->lock);
    return knows;
}

/* The library reads its files at the first connection of all, which is not for
 * several threads at once. */
static LDAP *make(const char *url)
{
    static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
    LDAP *link = NULL;

    pthread_mutex_lock(&first);
    if (ldap_initialize(&link, url) != LDAP_SUCCESS)
        link = NULL;
    pthread_mutex_unlock(&first);
    return link;
}

enum status ldap_link_open(struct op *op, struct ldap_links *links,
                           LDAP **link_out)
{
    LDAP *link = make(links->url);

    if (link == NULL)
        return op_fail(op, STATUS_CANNOT,
                       "directory.server: not an address of an LDAP server");
    enum status status =
        set_options(links, link)
            ? STATUS_OK
            : op_fail(op, STATUS_INTERNAL, "directory server: no TLS");
    if (status == STATUS_OK)
        status = encrypt(op, links, link);
    if (status == STATUS_OK)
        status = log_in(op, links, link);
    if (status == STATUS_OK && !knows_about(links))
        status = ask_about(op, links, link);
    if (status != STATUS_OK) {
        ldap_unbind_ext(link, NULL, NULL);
        link = NULL;
    }
    *link_out = link;
    return status;
}
