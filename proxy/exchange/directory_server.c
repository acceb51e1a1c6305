/*
 * directory_server.c - who is asked for people: Exchange, or a server of ours
 */
#include "proxy/exchange/directory_private.h"

static bool has_server(const struct account *account)
{
    return *account_settings(account)->directory.server != '\0';
}

enum status directory_remote_of(struct op *op, struct account *account,
                                struct remote **remote_out)
{
    if (has_server(account))
        return op_fail(op, STATUS_UNSUPPORTED,
                       "no directory server can be asked");
    enum status status = account_remote(op, account, remote_out);
    if (status == STATUS_OK && (*remote_out)->backend->directory == NULL)
        status =
            op_fail(op, STATUS_UNSUPPORTED, "this server has no directory");
    return status;
}

enum status directory_told(struct account *account, enum status status)
{
    return has_server(account) ? status : account_told(account, status);
}
