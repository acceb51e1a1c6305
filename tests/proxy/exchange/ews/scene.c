/*
 * scene.c - see scene.h
 */
#include "tests/proxy/exchange/ews/scene.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* clang-format off */
/* What counts the things that a call is about, and what one answers to each. */
static const struct {
    const char *operation;
    const char *counted; /* NULL: it is about one thing */
    const char *content;
} usual[] = {
    { "GetItem",          "ItemId ",          "<m:Items/>" },
    { "CreateItem",       NULL,               "<m:Items><t:CalendarItem><t:ItemId Id=\"new\" ChangeKey=\"k1\"/></t:CalendarItem></m:Items>" },
    { "UpdateItem",       "<t:ItemChange>",   "<m:Items><t:CalendarItem><t:ItemId Id=\"changed\" ChangeKey=\"k2\"/></t:CalendarItem></m:Items>" },
    { "DeleteItem",       "ItemId ",          "" },
    { "CreateAttachment", "<t:FileAttachment>", "<m:Attachments><t:FileAttachment><t:AttachmentId Id=\"file\" RootItemId=\"new\" RootItemChangeKey=\"k3\"/></t:FileAttachment></m:Attachments>" },
    { "DeleteAttachment", "AttachmentId ",    "<m:RootItemId RootItemId=\"changed\" RootItemChangeKey=\"k4\"/>" },
    { "GetAttachment",    "AttachmentId ",    "<m:Attachments><t:FileAttachment><t:AttachmentId Id=\"file\"/><t:Name>a.txt</t:Name><t:Content>aGVsbG8=</t:Content></t:FileAttachment></m:Attachments>" },
    { "ResolveNames",     NULL,               "<m:ResolutionSet TotalItemsInView=\"0\" IncludesLastItemInRange=\"true\"/>" },
    { "ExpandDL",         NULL,               "<m:DLExpansion TotalItemsInView=\"0\" IncludesLastItemInRange=\"true\"/>" },
    { "FindPeople",       NULL,               "<m:People/><m:TotalNumberOfPeopleInView>0</m:TotalNumberOfPeopleInView>" },
    { "GetUserPhoto",     NULL,               "<m:HasChanged>true</m:HasChanged><m:PictureData>/9j/4A==</m:PictureData>" },
};

/* Those whose answer is a message itself. */
static const char *const bare[] = { "FindPeople", "GetUserPhoto" };
/* clang-format on */

/* Availability is told in words of its own. */
static void answer_availability(struct scene *scene, const char *people,
                                struct server_reply *reply)
{
    char *text =
        server_soap("GetUserAvailability", scene->responder.build, "%%");
    struct buf out;

    buf_init(&out, NULL);
    for (const char *at = text; *at != '\0';) {
        if (str_starts(at, "ResponseMessages")) {
            buf_puts(&out, "FreeBusyResponseArray");
            at += strlen("ResponseMessages");
        } else if (str_starts(at, "%%")) {
            buf_puts(&out, people);
            at += 2;
        } else {
            buf_putc(&out, *at++);
        }
    }
    free(text);
    reply->body = out.data;
}

/* Takes the lists away that most answers have around their only message. */
static void answer_barely(struct scene *scene, const char *operation,
                          const char *content, struct server_reply *reply)
{
    char *text = server_soap(operation, scene->responder.build, "%%");
    char *start = strstr(text, "><m:ResponseMessages>%%");
    const char *rest = strstr(text, "</m:ResponseMessages>");
    struct buf out;

    buf_init(&out, NULL);
    buf_append(&out, text, (size_t)(start - text));
    buf_printf(&out,
               " ResponseClass=\"Success\"><m:ResponseCode>NoError"
               "</m:ResponseCode>%s%s",
               content, rest + strlen("</m:ResponseMessages>"));
    free(text);
    reply->body = out.data;
}

static bool is_bare(const char *operation)
{
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++)
        if (strcmp(bare[i], operation) == 0)
            return true;
    return false;
}

static const char *usual_content(const char *operation)
{
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (strcmp(usual[i].operation, operation) == 0)
            return usual[i].content;
    return "";
}

static void answer_page(const struct scene_answer *said,
                        struct server_reply *reply)
{
    reply->status = said->http;
    reply->type = "text/html";
    reply->body = strdup(said->text);
}

static struct scene_answer *next_answer(struct scene *scene,
                                        const char *operation)
{
    for (size_t i = 0; i < scene->answer_count; i++)
        if (!scene->answers[i].used &&
            strcmp(scene->answers[i].operation, operation) == 0)
            return &scene->answers[i];
    return NULL;
}

static void add_messages(struct buf *out, const char *operation, size_t count,
                         const char *content)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(out,
                   "<m:%sResponseMessage ResponseClass=\"Success\">"
                   "<m:ResponseCode>NoError</m:ResponseCode>%s"
                   "</m:%sResponseMessage>",
                   operation, content, operation);
}

static bool answer(struct responder *responder,
                   const struct server_request *request, const char *operation,
                   struct server_reply *reply)
{
    struct scene *scene = responder->context;
    struct scene_answer *said = next_answer(scene, operation);
    struct buf messages;

    if (scene->remote != NULL && scene->calls < SCENE_CALLS)
        scene->bodies[scene->calls++] = strdup(request->body);
    if (said != NULL)
        said->used = true;
    if (said != NULL && said->http != 0) {
        answer_page(said, reply);
        return true;
    }
    if (strcmp(operation, "GetUserAvailabilityRequest") == 0) {
        answer_availability(scene, said != NULL ? said->text : "", reply);
        return true;
    }
    if (is_bare(operation)) {
        answer_barely(scene, operation,
                      said != NULL ? said->text : usual_content(operation),
                      reply);
        return true;
    }
    buf_init(&messages, NULL);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (strcmp(usual[i].operation, operation) != 0 ||
            (said != NULL && said->whole))
            continue;
        size_t count = usual[i].counted != NULL
                           ? responder_count(request->body, usual[i].counted)
                           : 1;
        add_messages(&messages, operation, count,
                     said != NULL ? said->text : usual[i].content);
    }
    if (said != NULL && said->whole)
        buf_puts(&messages, said->text);
    else if (said != NULL && messages.len == 0)
        add_messages(&messages, operation, 1, said->text);
    if (messages.len > 0)
        reply->body =
            server_soap(operation, scene->responder.build, messages.data);
    buf_fini(&messages);
    return reply->body != NULL;
}

void scene_begin(struct scene *scene, const char *build)
{
    memset(scene, 0, sizeof *scene);
    scene->responder = (struct responder){ .build = build,
                                           .special = answer,
                                           .context = scene };
    scene->server = server_new(responder_answer, &scene->responder);
    mailbox_init(&scene->mailbox, server_url(scene->server));
    cr_assert_eq(mailbox_open(&scene->mailbox), STATUS_OK, "%s",
                 scene->mailbox.op.reason);
    scene->op = &scene->mailbox.op;
    scene->remote = scene->mailbox.remote;
}

void scene_forget(struct scene *scene)
{
    while (scene->calls > 0)
        free(scene->bodies[--scene->calls]);
}

void scene_end(struct scene *scene)
{
    scene_forget(scene);
    mailbox_fini(&scene->mailbox);
    server_free(&scene->server);
}

void scene_say(struct scene *scene, const char *operation, const char *text)
{
    scene->answers[scene->answer_count++] =
        (struct scene_answer){ .operation = operation, .text = text };
}

void scene_say_page(struct scene *scene, const char *operation, int status)
{
    scene_say(scene, operation, "<html/>");
    scene->answers[scene->answer_count - 1].http = status;
}

void scene_say_whole(struct scene *scene, const char *operation,
                     const char *messages)
{
    scene_say(scene, operation, messages);
    scene->answers[scene->answer_count - 1].whole = true;
}

size_t scene_calls(struct scene *scene, const char *operation)
{
    size_t count = 0;

    for (size_t i = 0; i < scene->calls; i++) {
        char name[64];
        responder_operation(scene->bodies[i], name);
        count += operation == NULL || strcmp(name, operation) == 0;
    }
    return count;
}

const char *scene_body(struct scene *scene)
{
    return scene->calls > 0 ? scene->bodies[scene->calls - 1] : "";
}
