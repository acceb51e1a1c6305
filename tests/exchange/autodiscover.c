/*
 * autodiscover.c - what programs are told that look for a mailbox (MS-OXDSCLI)
 */
#include "tests/exchange/autodiscover.h"

#include <string.h>

#include "proxy/base/str.h"
#include "tests/exchange/book.h"
#include "tests/exchange/call.h"
#include "tests/exchange/publics.h"

#define SCHEMA "http://schemas.microsoft.com/exchange/autodiscover/"
#define ANSWER                                                                 \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"                           \
    "<Autodiscover xmlns=\"" SCHEMA "responseschema/2006\">"

/* Whom an address means. */
struct found {
    const char *address;
    const char *name;
    const char *guid;
};

static bool find(struct exchange *exchange, const char *address,
                 struct found *found)
{
    const struct sim_mailbox *user = sim_mailbox_find(exchange, address);
    const struct sim_public *public = sim_public_find(exchange, address);

    if (user != NULL)
        *found = (struct found){ user->address, user->display_name,
                                 user->guid };
    else if (public != NULL)
        *found = (struct found){ public->address, "Public Folders",
                                 public->guid };
    return user != NULL || public != NULL;
}

static const char *say_error(struct arena *arena, int code, const char *message)
{
    return arena_printf(arena,
                        ANSWER "<Response><Error Time=\"08:15:00.1234567\" "
                               "Id=\"2187532106\"><ErrorCode>%d</ErrorCode>"
                               "<Message>%s</Message><DebugData/></Error>"
                               "</Response></Autodiscover>",
                        code, message);
}

/* Where the offline address book is; "" where there is none. */
static const char *book_element(struct exchange *exchange, struct arena *arena)
{
    const char *url = book_url(exchange, arena);

    return url == NULL ? "" : arena_printf(arena, "<OABUrl>%s</OABUrl>", url);
}

/* Before 2013 a server is a machine, and from then on a mailbox. */
static void put_protocols(struct buf *out, struct exchange *exchange,
                          struct arena *arena, const struct found *found)
{
    const char *book = book_element(exchange, arena);

    buf_puts(out, "<Protocol><Type>EXCH</Type><Server>");
    if (exchange->version < EXCHANGE_2013_SP1)
        buf_puts(out, "EX1.postern.example");
    else
        buf_printf(out, "%s%s", found->guid, strchr(found->address, '@'));
    buf_printf(out,
               "</Server><MdbDN/><PublicFolderServer>mail.postern.example"
               "</PublicFolderServer><AuthPackage>Anonymous</AuthPackage>"
               "<ServerExclusiveConnect>off</ServerExclusiveConnect>%s"
               "</Protocol><Protocol><Type>EXPR</Type>"
               "<Server>mail.postern.example</Server><SSL>On</SSL>"
               "<AuthPackage>Basic</AuthPackage>%s</Protocol><Protocol>"
               "<Type>WEB</Type><Internal><OWAUrl AuthenticationMethod="
               "\"Basic, Fba\">https://mail.postern.example/owa/</OWAUrl>"
               "</Internal></Protocol>",
               book, book);
}

static const char *say(struct exchange *exchange, struct arena *arena,
                       const struct found *found)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, ANSWER "<Response xmlns=\"" SCHEMA
                          "outlook/responseschema/2006a\"><User>");
    put_element(&out, "DisplayName", found->name);
    put_element(&out, "LegacyDN", "/o=Postern/ou=Exchange/cn=Recipients/cn=x");
    put_element(&out, "AutoDiscoverSMTPAddress", found->address);
    put_element(&out, "DeploymentId", "8c5d349e-73c0-4f66-81aa-03cc8da7b15e");
    buf_puts(&out, "</User><Account><AccountType>email</AccountType>"
                   "<Action>settings</Action>"
                   "<MicrosoftOnline>False</MicrosoftOnline>");
    put_protocols(&out, exchange, arena, found);
    if (exchange->public_count > 0 && exchange->version >= EXCHANGE_2013_SP1)
        buf_printf(&out,
                   "<PublicFolderInformation><SmtpAddress>%s</SmtpAddress>"
                   "</PublicFolderInformation>",
                   sim_public_tree(exchange)->address);
    buf_puts(&out, "</Account></Response></Autodiscover>");
    return out.data;
}

const char *sim_autodiscover(struct exchange *exchange, struct arena *arena,
                             const char *question, size_t len)
{
    const struct node *root =
        question != NULL ? node_parse(arena, question, len) : NULL;
    const struct node *request = node_child(root, "Request");
    const char *address = node_text(request, "EMailAddress");
    const char *schema = node_text(request, "AcceptableResponseSchema");
    const char *text;
    struct found found;

    if (!node_is(root, "Autodiscover") || address == NULL || schema == NULL)
        return say_error(arena, 600, "Invalid Request");
    if (!str_equal(schema, SCHEMA "outlook/responseschema/2006a"))
        return say_error(arena, 601, "Provider is not available");
    exchange_lock(exchange);
    if (find(exchange, address, &found))
        text = say(exchange, arena, &found);
    else
        text = say_error(arena, 500, "The email address can't be found.");
    exchange_unlock(exchange);
    return text;
}
