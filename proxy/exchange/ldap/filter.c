/*
 * filter.c - the questions of which people are found
 *
 * Active Directory has a filter of its own for what Exchange does when a name
 * is typed ("anr"); elsewhere the beginnings of words are looked for.
 */
#include "proxy/exchange/ldap/filter.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ldap/link.h"

#define EVERYBODY                                                              \
    "(|(objectClass=person)(objectClass=group)(objectClass=contact)"           \
    "(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)"               \
    "(objectClass=msExchDynamicDistributionList))"

void filter_put_text(struct buf *filter, const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (*at == '*' || *at == '(' || *at == ')' || *at == '\\')
            buf_printf(filter, "\\%02x", (unsigned char)*at);
        else
            buf_putc(filter, *at);
}

void filter_put_address(struct buf *filter, const char *address)
{
    buf_puts(filter, "(|(mail=");
    filter_put_text(filter, address);
    buf_puts(filter, ")(proxyAddresses=smtp:");
    filter_put_text(filter, address);
    buf_puts(filter, "))");
}

/* Names of whose words one begins so. */
static void put_word(struct buf *filter, const char *word)
{
    static const struct {
        const char *attribute;
        bool words; /* it may have several */
    } names[] = {
        { "cn", true },
        { "displayName", true },
        { "sn", true },
        { "givenName", true },
        { "mail", false },
        { "uid", false },
        { "mailNickname", false },
        { "proxyAddresses", false },
        { "physicalDeliveryOfficeName", false },
    };

    buf_puts(filter, "(|");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bool proxy = str_equal(names[i].attribute, "proxyAddresses");
        buf_printf(filter, "(%s=%s", names[i].attribute, proxy ? "smtp:" : "");
        filter_put_text(filter, word);
        buf_puts(filter, "*)");
        if (!names[i].words)
            continue;
        buf_printf(filter, "(%s=* ", names[i].attribute);
        filter_put_text(filter, word);
        buf_puts(filter, "*)");
    }
    buf_putc(filter, ')');
}

static void put_beginning(struct buf *filter, struct op *op,
                          const struct ldap_about *about, const char *text)
{
    if (about->active_directory) {
        buf_puts(filter, "(anr=");
        filter_put_text(filter, text);
        buf_putc(filter, ')');
        return;
    }
    char **words = str_split(op->arena, text, " ,");
    for (size_t i = 0; words[i] != NULL; i++)
        put_word(filter, words[i]);
}

const char *filter_people(struct op *op, const struct ldap_about *about,
                          const char *text)
{
    struct buf filter;

    buf_init(&filter, op->arena);
    buf_puts(&filter, "(&" EVERYBODY);
    if (text == NULL)
        buf_puts(&filter, "(|(mail=*)(proxyAddresses=*))");
    else if (str_starts_nocase(text, "smtp:"))
        filter_put_address(&filter, text + strlen("smtp:"));
    else
        put_beginning(&filter, op, about, text);
    buf_putc(&filter, ')');
    return filter.data;
}
