/*
 * soap_answer.c - see soap_answer.h
 */
#include "proxy/exchange/ews/soap_answer.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/codes.h"

/*
 * An answer on its way:
 *
 *     Envelope                          depth 1
 *         Header
 *             ServerVersionInfo               3
 *         Body                                2
 *             Fault                           3, kept as a tree
 *             GetItemResponse                 3
 *                 ResponseMessages            4
 *                     GetItemResponseMessage  5, kept as a tree
 *
 * That of GetUserAvailability has its messages one level further down:
 *
 *                 FreeBusyResponseArray       4
 *                     FreeBusyResponse        5, kept as a tree
 *                         ResponseMessage     6
 *
 * And those of FindPeople and GetUserPhoto are a message themselves:
 *
 *             FindPeopleResponse              3, kept as a tree
 */
struct soap_answer {
    const struct soap_call *call;
    struct xml_reader *reader;
    struct xml_tree tree;
    struct ews_build build;
    size_t depth;
    size_t messages;
    bool in_body;
    bool in_messages;
    bool in_mime;
    const struct xml_node *fault;
};

static uint32_t number_of(const struct xml_attribute *attributes, size_t count,
                          const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(attributes[i].name, name) == 0)
            return (uint32_t)strtoul(attributes[i].value, NULL, 10);
    return 0;
}

static void read_build(struct soap_answer *answer,
                       const struct xml_attribute *attributes, size_t count)
{
    answer->build.major = number_of(attributes, count, "MajorVersion");
    answer->build.minor = number_of(attributes, count, "MinorVersion");
    answer->build.build = number_of(attributes, count, "MajorBuildNumber");
}

/* What can be large: a message, or the content of a file. */
static bool is_content(const char *name)
{
    return strcmp(name, "MimeContent") == 0 || strcmp(name, "Content") == 0;
}

/* A fault, or an answer that is a message itself. */
static bool is_message(const char *name, const struct xml_attribute *attributes,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(attributes[i].name, "ResponseClass") == 0)
            return true;
    return strcmp(name, "Fault") == 0;
}

/* Inside a message: all is kept but content. */
static bool open_inside(struct soap_answer *answer, const char *name,
                        const struct xml_attribute *attributes, size_t count)
{
    if (is_content(name) && answer->call->mime != NULL)
        answer->in_mime = true;
    else
        xml_tree_open(&answer->tree, name, attributes, count);
    return !answer->in_mime || is_content(name);
}

static bool on_open(void *context, const char *name,
                    const struct xml_attribute *attributes, size_t count)
{
    struct soap_answer *answer = context;

    answer->depth++;
    if (answer->tree.at != NULL)
        return open_inside(answer, name, attributes, count);
    switch (answer->depth) {
    case 1:
        return strcmp(name, "Envelope") == 0;
    case 2:
        answer->in_body = strcmp(name, "Body") == 0;
        break;
    case 3:
        if (answer->in_body && is_message(name, attributes, count))
            xml_tree_open(&answer->tree, name, attributes, count);
        else if (!answer->in_body && strcmp(name, "ServerVersionInfo") == 0)
            read_build(answer, attributes, count);
        break;
    case 4:
        answer->in_messages =
            answer->in_body && (strcmp(name, "ResponseMessages") == 0 ||
                                strcmp(name, "FreeBusyResponseArray") == 0);
        break;
    case 5:
        if (answer->in_messages)
            xml_tree_open(&answer->tree, name, attributes, count);
        break;
    }
    return true;
}

static bool on_text(void *context, const char *text, size_t len)
{
    struct soap_answer *answer = context;

    if (answer->in_mime) {
        xml_reader_forgive(answer->reader, len);
        answer->call->mime(answer->call->context, text, len);
    } else {
        xml_tree_text(&answer->tree, text, len);
    }
    return true;
}

/* A value of MessageXml: what else there is to say about an error. */
static const char *detail(const struct xml_node *message, const char *name)
{
    const struct xml_node *xml = xml_descendant(message, "MessageXml");

    if (xml == NULL)
        return NULL;
    for (const struct xml_node *value = xml->children; value;
         value = value->next)
        if (str_equal(xml_value(value, "Name"), name))
            return value->text;
    return NULL;
}

/* The verdict on a code and on what is said beside it. */
static struct verdict judge_code(const struct xml_node *node, const char *code)
{
    const char *inner = detail(node, "InnerErrorResponseCode");
    const char *pause = detail(node, "BackOffMilliseconds");
    struct verdict verdict = code_verdict(code);
    uint64_t milliseconds;

    if (inner != NULL && strcmp(code, "ErrorInternalServerError") == 0)
        verdict = code_verdict(inner);
    if (pause != NULL && str_to_u64(pause, UINT32_MAX, &milliseconds))
        verdict.pause =
            (uint32_t)(milliseconds < 300000 ? milliseconds : 300000);
    return verdict;
}

static void hand_over(struct soap_answer *answer)
{
    const struct xml_node *node = answer->tree.root;
    const struct xml_node *inner = xml_child(node, "ResponseMessage");
    const struct xml_node *head = inner != NULL ? inner : node;
    const char *class = xml_value(head, "ResponseClass");
    const char *code = xml_child_text(head, "ResponseCode");
    struct soap_message message = { .index = answer->messages++, .node = node };

    message.code = code != NULL ? code : "NoError";
    /* A warning is on something that was not done, or on nothing worth
     * mentioning: its code tells. */
    if (str_equal(class, "Success"))
        message.verdict = (struct verdict){ .status = STATUS_OK };
    else
        message.verdict = judge_code(head, message.code);
    if (message.verdict.status == STATUS_OK && !str_equal(class, "Success") &&
        !str_equal(class, "Warning"))
        message.verdict = code_verdict("ErrorInternalServerError");
    answer->call->message(answer->call->context, &message);
}

static bool on_close(void *context, const char *name)
{
    struct soap_answer *answer = context;

    (void)name;
    answer->depth--;
    if (answer->in_mime) {
        answer->in_mime = false;
        return true;
    }
    if (answer->tree.at == NULL || !xml_tree_close(&answer->tree))
        return true;
    if (answer->depth == 2 && strcmp(answer->tree.root->name, "Fault") == 0)
        answer->fault = answer->tree.root;
    else
        hand_over(answer);
    return true;
}

static const struct xml_handler reading = { .open = on_open,
                                            .text = on_text,
                                            .close = on_close };

struct soap_answer *soap_answer_new(const struct soap_call *call,
                                    struct arena *arena, uint64_t limit)
{
    struct soap_answer *answer = memory_new(sizeof *answer);

    answer->call = call;
    answer->reader = xml_reader_new(&reading, answer, limit);
    xml_tree_init(&answer->tree, arena);
    return answer;
}

void soap_answer_free(struct soap_answer **answer)
{
    if (*answer == NULL)
        return;
    xml_reader_free(&(*answer)->reader);
    xml_tree_fini(&(*answer)->tree);
    free(*answer);
    *answer = NULL;
}

const struct ews_build *soap_answer_build(const struct soap_answer *answer)
{
    return &answer->build;
}

bool soap_answer_feed(void *context, const char *data, size_t len)
{
    struct soap_answer *answer = context;
    enum xml_state state = xml_reader_feed(answer->reader, data, len);

    return state == XML_MORE || state == XML_WHOLE;
}

/* <detail><e:ResponseCode>ErrorServerBusy</e:ResponseCode>, or only
 * <faultcode>a:ErrorServerBusy</faultcode> */
static const char *fault_code(const struct xml_node *fault)
{
    const struct xml_node *code = xml_descendant(fault, "ResponseCode");
    const char *short_code = xml_child_text(fault, "faultcode");
    const char *colon;

    if (code != NULL && *code->text != '\0')
        return code->text;
    if (short_code == NULL)
        return "ErrorInternalServerError";
    colon = strchr(short_code, ':');
    short_code = colon != NULL ? colon + 1 : short_code;
    return str_starts(short_code, "Error") ? short_code
                                           : "ErrorInternalServerError";
}

void soap_note(struct op *op, const char *operation, enum status status,
               const char *code, const char *text)
{
    if (text == NULL)
        text = "";
    op_fail(op, status, "%s: %s %s", operation,
            str_printable(op->arena, code, strlen(code), 100),
            str_printable(op->arena, text, strlen(text), 300));
}

static struct verdict judge_fault(struct op *op,
                                  const struct soap_answer *answer)
{
    const char *code = fault_code(answer->fault);
    struct verdict verdict = judge_code(answer->fault, code);

    soap_note(op, answer->call->operation, verdict.status, code,
              xml_child_text(answer->fault, "faultstring"));
    return verdict;
}

struct verdict soap_answer_end(struct soap_answer *answer, struct op *op,
                               const struct http_answer *http)
{
    enum xml_state state = xml_reader_finish(answer->reader);
    const char *operation = answer->call->operation;

    if (answer->fault != NULL)
        return judge_fault(op, answer);
    /* An answer that is whole is good even if the line broke a moment later. */
    if (http->xml && state == XML_WHOLE && answer->messages > 0)
        return (struct verdict){ .status = STATUS_OK };
    if (http->verdict.status != STATUS_OK)
        return http->verdict;
    if (state == XML_OVER_LIMIT) {
        op_fail(op, STATUS_LIMIT, "%s: an answer beyond exchange.answer_limit",
                operation);
        return (struct verdict){ STATUS_LIMIT, RETRY_NEVER, false, 0 };
    }
    op_fail(op, STATUS_UNAVAILABLE, "%s: the answer is %s", operation,
            state == XML_WHOLE ? "not one of Exchange's" : "torn or no XML");
    return (struct verdict){ STATUS_UNAVAILABLE, RETRY_FRESH, false, 0 };
}
