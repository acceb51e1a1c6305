/*
 * autodiscover.c - see autodiscover.h
 *
 * MS-OXDSCLI:
 *
 *     Autodiscover
 *         Response
 *             User/AutoDiscoverSMTPAddress
 *             Account
 *                 Action                               settings, redirectAddr
 *                 RedirectAddr
 *                 Protocol                             one for each Type
 *                     Type, Server, OABUrl
 *                 PublicFolderInformation/SmtpAddress
 *             Error/Message                            and nothing else then
 */
#include "proxy/exchange/ews/autodiscover.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/http/client.h"
#include "proxy/format/xml.h"

#define PATH "/autodiscover/autodiscover.xml"
#define OUTLOOK "http://schemas.microsoft.com/exchange/autodiscover/outlook/"

/* Real answers have some ten thousand octets. */
#define ANSWER_LIMIT (512 * 1024)

/* How often one address stands for another one. */
#define REDIRECTS_MAX 5

/* --- Answers -------------------------------------------------------------- */

/* NULL for an empty one as well. */
static const char *text_of(struct arena *arena, const struct xml_node *node,
                           const char *name)
{
    const char *text = xml_child_text(node, name);

    text = text != NULL ? str_trim(arena, text) : NULL;
    return text != NULL && *text != '\0' ? text : NULL;
}

/* The server as mailboxes are addressed inside of the organisation. */
static const char *server_of(struct arena *arena,
                             const struct xml_node *account)
{
    const struct xml_node *node = account != NULL ? account->children : NULL;

    for (; node != NULL; node = node->next)
        if (strcmp(node->name, "Protocol") == 0 &&
            str_equal(text_of(arena, node, "Type"), "EXCH"))
            return text_of(arena, node, "Server");
    return NULL;
}

/* Where the address book is, from inside and from outside; "Public Folder" is
 * no place that can be asked. */
static void read_books(struct arena *arena, const struct xml_node *account,
                       struct autodiscover *answer)
{
    const struct xml_node *node = account != NULL ? account->children : NULL;
    size_t count = 0;

    for (; node != NULL && count < AUTODISCOVER_BOOKS; node = node->next) {
        const char *url = strcmp(node->name, "Protocol") == 0
                              ? text_of(arena, node, "OABUrl")
                              : NULL;
        if (url != NULL && (str_starts_nocase(url, "https://") ||
                            str_starts_nocase(url, "http://")))
            answer->books[count++] = url;
    }
}

static void read_response(struct arena *arena, const struct xml_node *response,
                          struct autodiscover *answer)
{
    const struct xml_node *account = xml_child(response, "Account");
    const struct xml_node *error = xml_child(response, "Error");

    if (error != NULL) {
        answer->error = text_of(arena, error, "Message");
        if (answer->error == NULL)
            answer->error = "an error without a message";
    } else if (str_equal(text_of(arena, account, "Action"), "redirectAddr")) {
        answer->redirect = text_of(arena, account, "RedirectAddr");
    }
    answer->address =
        text_of(arena, xml_child(response, "User"), "AutoDiscoverSMTPAddress");
    answer->server = server_of(arena, account);
    read_books(arena, account, answer);
    answer->public_address = text_of(
        arena, xml_child(account, "PublicFolderInformation"), "SmtpAddress");
}

bool autodiscover_read(struct arena *arena, const char *text, size_t len,
                       struct autodiscover *answer_out)
{
    const struct xml_node *response =
        xml_child(xml_tree_read(arena, text, len, ANSWER_LIMIT), "Response");

    *answer_out = (struct autodiscover){ 0 };
    if (response != NULL)
        read_response(arena, response, answer_out);
    return response != NULL;
}

/* --- Questions ------------------------------------------------------------ */

static void write_question(struct buf *text, const char *address)
{
    struct xml_writer writer;

    xml_writer_init(&writer, text);
    xml_open(&writer, "Autodiscover");
    xml_attribute(&writer, "xmlns", OUTLOOK "requestschema/2006");
    xml_open(&writer, "Request");
    xml_element(&writer, "EMailAddress", address);
    xml_element(&writer, "AcceptableResponseSchema",
                OUTLOOK "responseschema/2006a");
    xml_close(&writer);
    xml_close(&writer);
}

static bool take_answer(void *context, const char *data, size_t len)
{
    struct buf *text = context;

    if (text->len + len > ANSWER_LIMIT)
        return false;
    buf_append(text, data, len);
    return true;
}

/* Nothing that cannot be done without depends on it: it is not asked twice, nor
 * waited for. */
static enum status ask_once(struct op *op, struct ews *ews, const char *address,
                            struct autodiscover *answer)
{
    struct buf question, text;
    struct http_answer http;
    struct patience patience;

    buf_init(&question, op->arena);
    buf_init(&text, op->arena);
    write_question(&question, address);
    struct http_call call = { .operation = "Autodiscover",
                              .body = question.data,
                              .len = question.len,
                              .path = PATH,
                              .hurry = true,
                              .answer = take_answer,
                              .context = &text };

    patience_begin(&patience, op, ews->patience);
    http_post(op, ews->http, &call, patience.deadline, &http);
    if (http.verdict.status != STATUS_OK)
        return http.verdict.status;
    if (!http.xml || text.len == 0 ||
        !autodiscover_read(op->arena, text.data, text.len, answer))
        return op_fail(op, STATUS_UNAVAILABLE,
                       "autodiscover: not understood: HTTP %ld", http.code);
    if (answer->error != NULL)
        return op_fail(op, STATUS_NOT_FOUND, "autodiscover: %s",
                       str_printable(op->arena, answer->error,
                                     strlen(answer->error), 200));
    return STATUS_OK;
}

enum status autodiscover_ask(struct op *op, struct ews *ews,
                             const char *address,
                             struct autodiscover *answer_out)
{
    enum status status = ask_once(op, ews, address, answer_out);

    for (int i = 0; i < REDIRECTS_MAX && status == STATUS_OK; i++) {
        if (answer_out->redirect == NULL)
            return STATUS_OK;
        status = ask_once(op, ews, answer_out->redirect, answer_out);
    }
    if (status == STATUS_OK)
        status = op_fail(op, STATUS_UNAVAILABLE,
                         "autodiscover: one address leads to another");
    return status;
}
