/*
 * account_name.c - who logs in, and whose mailbox he opens
 *
 * A user name may end with "/" or "\" and the address of someone else, whose
 * mailbox is opened with the user's own password:
 *
 *     ann@example.com/sales@example.com      DOMAIN\ann\sales@example.com
 *
 * "DOMAIN\ann" and "DOMAIN\ann@example.com" have no second name in them, and
 * after a "/" there always is one.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/account_private.h"

static const char *last_separator(const char *text, size_t len)
{
    while (len-- > 0)
        if (text[len] == '/' || text[len] == '\\')
            return text + len;
    return NULL;
}

const char *account_split(struct arena *arena, const char *user,
                          const char **mailbox_out)
{
    const char *last = last_separator(user, strlen(user));
    const char *at = last != NULL ? strchr(last + 1, '@') : NULL;

    *mailbox_out = NULL;
    if (last == NULL || last == user || at == NULL || at == last + 1 ||
        at[1] == '\0')
        return user;

    size_t len = (size_t)(last - user);
    if (*last == '\\' && memchr(user, '@', len) == NULL &&
        last_separator(user, len) == NULL)
        return user;
    *mailbox_out = last + 1;

    /* Exchange knows "DOMAIN\ann", some clients cannot write that. */
    char *login = arena_strndup(arena, user, len);
    char *slash = strchr(login, '@') == NULL ? strchr(login, '/') : NULL;
    if (slash != NULL)
        *slash = '\\';
    return login;
}
