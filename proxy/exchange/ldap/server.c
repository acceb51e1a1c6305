/*
 * server.c - an LDAP server behind us as a backend that has a directory only
 */
#include "proxy/exchange/ldap/server.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/exchange/ldap/people.h"

static void server_close(struct remote **remote)
{
    struct ldap_server *server = (struct ldap_server *)*remote;

    if (server == NULL)
        return;
    ldap_links_free(&server->links);
    free(server);
    *remote = NULL;
}

static enum status server_open(struct op *op, const struct settings *settings,
                               const char *user, const char *mailbox,
                               const struct secret *password,
                               struct remote **remote_out,
                               struct remote_account *about_out)
{
    bool used;
    LDAP *link;

    (void)mailbox;
    *remote_out = NULL;
    *about_out = (struct remote_account){ .address = "", .version = "LDAP" };
    if (secret_kind(password) == SECRET_TOKEN)
        return op_fail(op, STATUS_UNSUPPORTED,
                       "directory server: a token is no password");

    struct ldap_server *server = memory_new(sizeof *server);
    server->remote.backend = &ldap_server_backend;
    server->links = ldap_links_new(settings, user, password);
    *remote_out = &server->remote;
    enum status status = ldap_links_take(op, server->links, &link, &used);
    if (status == STATUS_OK)
        ldap_links_give(server->links, link, true);
    else
        server_close(remote_out);
    return status;
}

const struct backend ldap_server_backend = {
    .name = "ldap",
    .open = server_open,
    .close = server_close,
    .directory = &ldap_people,
};
