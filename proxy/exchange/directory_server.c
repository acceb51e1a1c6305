/*
 * directory_server.c - who is asked for people: Exchange, or a directory server
 *
 * A user is logged in at the server with the secret that opens his mailbox.  A
 * connection lives as long as someone uses it, also after its successor is
 * there.
 */
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/directory_private.h"
#include "proxy/exchange/ldap/server.h"

struct server_link {
    struct remote *remote;
    char *server; /* the setting that it was opened by, */
    struct secret *secret;
    atomic_uint holders;
};

static const char *server_of(const struct account *account)
{
    return account_settings(account)->directory.server;
}

static void release(void *subject)
{
    struct server_link *link = subject;

    if (link == NULL || atomic_fetch_sub(&link->holders, 1) != 1)
        return;
    link->remote->backend->close(&link->remote);
    secret_free(&link->secret);
    free(link->server);
    free(link);
}

void directory_disconnect(struct people *people)
{
    release(people->server);
    people->server = NULL;
}

static struct secret *secret_of(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    struct secret *secret =
        account->secret != NULL ? secret_copy(account->secret) : NULL;
    pthread_mutex_unlock(&account->lock);
    return secret;
}

/* The connection that is there, if the user would get the same one today. */
static bool find_link(struct op *op, struct account *account,
                      const struct secret *secret, struct remote **remote_out)
{
    struct people *people = account->people;

    pthread_mutex_lock(&people->lock);
    struct server_link *link = people->server;
    bool found = link != NULL && str_equal(link->server, server_of(account)) &&
                 secret_equal(link->secret, secret);
    if (found) {
        atomic_fetch_add(&link->holders, 1);
        arena_defer(op->arena, release, link);
        *remote_out = link->remote;
    }
    pthread_mutex_unlock(&people->lock);
    return found;
}

static enum status open_link(struct op *op, struct account *account,
                             const struct secret *secret)
{
    struct remote *remote = NULL;
    struct remote_account about = { 0 };
    enum status status = ldap_server_backend.open(op, account_settings(account),
                                                  account->login_name, NULL,
                                                  secret, &remote, &about);

    if (status != STATUS_OK)
        return status;
    struct server_link *link = memory_new(sizeof *link);
    link->remote = remote;
    link->server = memory_strdup(server_of(account));
    link->secret = secret_copy(secret);
    atomic_init(&link->holders, 1);
    pthread_mutex_lock(&account->people->lock);
    struct server_link *old = account->people->server;
    account->people->server = link;
    pthread_mutex_unlock(&account->people->lock);
    release(old);
    return STATUS_OK;
}

static enum status server_remote(struct op *op, struct account *account,
                                 struct remote **remote_out)
{
    struct flight *serving = &account->people->serving;
    struct secret *secret = secret_of(account);
    enum status status = STATUS_OK;

    if (secret == NULL)
        return op_fail(op, STATUS_AUTH_FAILED, "nobody has logged in yet");
    if (!find_link(op, account, secret, remote_out)) {
        if (!flight_enter(op, serving)) {
            secret_free(&secret);
            return STATUS_CANCELLED;
        }
        if (!find_link(op, account, secret, remote_out)) {
            status = open_link(op, account, secret);
            if (status == STATUS_OK &&
                !find_link(op, account, secret, remote_out))
                status = op_fail(op, STATUS_BUSY, "the settings have changed");
        }
        flight_end(serving, status);
    }
    secret_free(&secret);
    return status;
}

enum status directory_remote_of(struct op *op, struct account *account,
                                struct remote **remote_out)
{
    if (*server_of(account) != '\0')
        return server_remote(op, account, remote_out);
    enum status status = account_remote(op, account, remote_out);
    if (status == STATUS_OK && (*remote_out)->backend->directory == NULL)
        status =
            op_fail(op, STATUS_UNSUPPORTED, "this server has no directory");
    return status;
}

enum status directory_told(struct account *account, enum status status)
{
    return *server_of(account) != '\0' ? status : account_told(account, status);
}
