/*
 * soap.c - see soap.h
 */
#include "proxy/exchange/ews/soap.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/base/log.h"
#include "proxy/exchange/ews/route.h"
#include "proxy/exchange/ews/soap_answer.h"
#include "proxy/exchange/http/client.h"

#define NAMESPACE "http://schemas.microsoft.com/exchange/services/2006/"

/* --- Requests ------------------------------------------------------------- */

static void write_envelope(const struct soap_call *call,
                           struct soap_request *request)
{
    struct xml_writer *writer = &request->writer;
    char element[64];

    snprintf(element, sizeof element, "m:%s", call->operation);

    xml_open(writer, "soap:Envelope");
    xml_attribute(writer, "xmlns:soap",
                  "http://schemas.xmlsoap.org/soap/envelope/");
    xml_attribute(writer, "xmlns:t", NAMESPACE "types");
    xml_attribute(writer, "xmlns:m", NAMESPACE "messages");
    xml_open(writer, "soap:Header");
    xml_open(writer, "t:RequestServerVersion");
    xml_attribute(writer, "Version", version_name(request->version));
    xml_close(writer);
    xml_close(writer);
    xml_open(writer, "soap:Body");
    xml_open(writer, element);
    call->build(call->context, request);
    xml_close(writer);
    xml_close(writer);
    xml_close(writer);
}

void soap_write(const struct soap_call *call, enum ews_version version,
                struct buf *text)
{
    struct soap_request request = { .version = version };

    xml_writer_init(&request.writer, text);
    write_envelope(call, &request);
}

void soap_content(struct soap_request *request, const struct spool *content)
{
    xml_text(&request->writer, "");
    request->content = content;
    request->content_at = request->writer.out->len;
}

static void write_distinguished(struct xml_writer *writer, const char *name)
{
    const char *colon = strchr(name, ':');
    char id[64];

    snprintf(id, sizeof id, "%.*s", (int)strcspn(name, ":"), name);
    xml_open(writer, "t:DistinguishedFolderId");
    xml_attribute(writer, "Id", id);
    if (colon != NULL) {
        xml_open(writer, "t:Mailbox");
        xml_element(writer, "t:EmailAddress", colon + 1);
        xml_close(writer);
    }
    xml_close(writer);
}

void soap_folder(struct xml_writer *writer, const char *id)
{
    if (id[0] == '#') {
        write_distinguished(writer, id + 1);
        return;
    }
    xml_open(writer, "t:FolderId");
    xml_attribute(writer, "Id", id);
    xml_close(writer);
}

/* --- Calls ---------------------------------------------------------------- */

/* 404, or 500 without a fault, where that is how a server says "nothing". */
static bool is_nothing(const struct soap_call *call,
                       const struct http_answer *http)
{
    return call->plain && !http->xml &&
           (http->code == 404 || http->code == 500);
}

struct verdict soap_try(struct op *op, struct ews *ews,
                        const struct soap_call *call, struct arena *arena,
                        const struct patience *patience, bool fresh)
{
    struct soap_answer *answer =
        soap_answer_new(call, arena, ews->answer_limit);
    struct soap_request request = { .version = ews_version(ews) };
    struct http_answer http;
    struct buf text;

    buf_init(&text, arena);
    xml_writer_init(&request.writer, &text);
    write_envelope(call, &request);

    struct http_call http_call = {
        .operation = call->operation,
        .body = text.data,
        .len = text.len,
        .content = request.content,
        .content_at = request.content_at,
        .write = call->write,
        .find = call->find,
        .affinity = call->affinity,
        .route = route_of(ews, call->operation),
        .fresh = fresh,
        /* A write that is given up may have been done. */
        .hurry = !call->write && patience_is_over(patience),
        .answer = soap_answer_feed,
        .context = answer,
    };
    uint64_t start = time_monotonic_ms();
    http_post(op, ews->http, &http_call, patience->deadline, &http);
    struct verdict verdict = soap_answer_end(answer, op, &http);
    if (is_nothing(call, &http))
        verdict = (struct verdict){ STATUS_NOT_FOUND, RETRY_NEVER, true, 0 };
    if (verdict.status == STATUS_OK || verdict.status == STATUS_NOT_FOUND)
        op->failing_since = 0;
    else if (op->failing_since == 0)
        op->failing_since = start;
    if (ews->build.major == 0)
        ews->build = *soap_answer_build(answer);
    soap_answer_free(&answer);
    return verdict;
}

bool soap_again(struct op *op, struct ews *ews, struct patience *patience,
                const struct verdict *verdict, bool write)
{
    if (verdict->retry == RETRY_OLDER) {
        int version = atomic_load(ews->version);
        if (version == EWS_2007_SP1)
            return false;
        /* Others may have found out at the same time: one step down for all. */
        atomic_compare_exchange_strong(ews->version, &version, version - 1);
        return true;
    }
    if (!retry_wait(op, http_client_throttle(ews->http), patience, verdict,
                    write))
        return false;
    log_debug(op->session, "exchange: again status=%s tries=%u",
              status_name(verdict->status), patience->tries);
    return true;
}

/* What soap_ask listens for. */
struct asking {
    const struct soap_call *call;
    const char *code;
    struct verdict verdict;
    const struct xml_node *node;
};

static void build_asked(void *context, struct soap_request *request)
{
    struct asking *asking = context;

    asking->node = NULL;
    asking->call->build(asking->call->context, request);
}

static void take_answer(void *context, const struct soap_message *message)
{
    struct asking *asking = context;

    if (message->index > 0)
        return;
    asking->node = message->node;
    asking->verdict = message->verdict;
    asking->code = message->code;
}

static struct verdict ask_once(struct op *op, struct ews *ews,
                               struct asking *asking, struct arena *arena,
                               const struct patience *patience, bool fresh)
{
    struct soap_call call = *asking->call;

    call.build = build_asked;
    call.message = take_answer;
    call.mime = NULL;
    call.context = asking;
    struct verdict verdict = soap_try(op, ews, &call, arena, patience, fresh);
    if (verdict.status != STATUS_OK || asking->verdict.status == STATUS_OK)
        return verdict;
    soap_note(op, call.operation, asking->verdict.status, asking->code,
              xml_child_text(asking->node, "MessageText"));
    return asking->verdict;
}

enum status soap_ask(struct op *op, struct ews *ews,
                     const struct soap_call *call, struct arena *arena,
                     const struct xml_node **message_out)
{
    struct asking asking = { .call = call };
    struct op before = *op;
    struct patience patience;
    struct verdict verdict;

    patience_begin(&patience, op, ews->patience);
    do
        verdict =
            ask_once(op, ews, &asking, arena, &patience, patience.tries > 0);
    while (soap_again(op, ews, &patience, &verdict, call->write));
    if (message_out != NULL)
        *message_out = asking.node;
    if (verdict.status == STATUS_OK) {
        op->reason = before.reason;
        op->failed = before.failed;
    } else if (call->write && !verdict.undone) {
        return STATUS_UNCERTAIN;
    }
    return verdict.status;
}
