/*
 * test_search.c - what the simulated Exchange computes of messages and folders
 * (conversations, previews, quota), and how its content index is asked
 */
#include "tests/exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/str.h"
#include "tests/exchange/query.h"
#include "tests/simulation/asking.h"

#define USER "ann@example.com"

static struct asking t;

static void start(enum exchange_version version)
{
    asking_restart(&t, version);
    exchange_add_user(t.exchange, USER, "Ann", "secret", "en");
}

static void set_up(void)
{
    asking_begin(&t, EXCHANGE_2016);
    start(EXCHANGE_2016);
}

static void tear_down(void)
{
    asking_end(&t);
}

TestSuite(search, .init = set_up, .fini = tear_down, .timeout = 600);

static char *ask_in(const char *version, const char *operation)
{
    return asking_ask(&t, USER, version, "", operation, NULL, NULL);
}

static char *ask(const char *operation)
{
    return ask_in("Exchange2013_SP1", operation);
}

static void deliver(const char *mime)
{
    exchange_add_message(t.exchange, USER, NULL, mime, strlen(mime), 1704103200,
                         false);
}

/* --- Conversations ------------------------------------------------------- */

#define HEADER(id, subject, more) \
    "From: <bob@example.org>\r\nMessage-ID: <" id "@x>\r\nSubject: " subject "\r\n" more
#define INDEX(n) "Thread-Index: AQHZ" n "AAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"

/* Each is put beside the first. */
/* clang-format off */
static const struct {
    const char *name;
    const char *mime;
    bool together;
} letters[] = {
    { "an answer", HEADER("2", "Re: Bread", "References: <1@x>\r\n") "\r\n", true },
    { "an answer to the answer", HEADER("3", "RE: Bread", "References: <1@x> <2@x>\r\n") "\r\n", true },
    { "In-Reply-To alone", HEADER("4", "Re: Bread", "In-Reply-To: <3@x>\r\n") "\r\n", true },
    { "an answer with another subject", HEADER("5", "Cake", "References: <1@x>\r\n") "\r\n", false },
    { "a Re: without references", HEADER("6", "AW: Bread", "") "\r\n", true },
    { "the same subject again", HEADER("7", "Bread", "") "\r\n", false },
    { "of another thread by its index", HEADER("8", "Re: Bread", INDEX("AAAA") "References: <1@x>\r\n") "\r\n", false },
};
/* clang-format on */

static char *conversation_of(const char *answer, const char *message_id)
{
    const char *id = strstr(answer, message_id);

    while (id != NULL && strncmp(id, "<t:ConversationId", 17) != 0)
        id--;
    return id == NULL ? arena_strdup(t.arena, message_id)
                      : asking_between(&t, id, "Id=\"", "\"");
}

#define FIND(fields, rest) \
    "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>" \
    "<t:AdditionalProperties>" fields "</t:AdditionalProperties></m:ItemShape>" \
    "<m:ParentFolderIds><t:DistinguishedFolderId Id=\"inbox\"/></m:ParentFolderIds>" \
    rest "</m:FindItem>"
#define FIELD(uri) "<t:FieldURI FieldURI=\"" uri "\"/>"

Test(search, puts_into_a_conversation_what_belongs_together)
{
    char *answer;
    char *first;

    deliver(HEADER("1", "Bread", "") "\r\nText.\r\n");
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        deliver(letters[i].mime);
    answer = ask(FIND(
        FIELD("item:ConversationId") FIELD("message:InternetMessageId"), ""));
    first = conversation_of(answer, "&lt;1@x&gt;");
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        char *id = arena_printf(t.arena, "&lt;%zu@x&gt;", i + 2);

        cr_expect_eq(str_equal(conversation_of(answer, id), first),
                     letters[i].together, "%s", letters[i].name);
    }
}

Test(search, keeps_the_conversation_of_what_is_moved)
{
    const char *find = FIND(
        FIELD("item:ConversationId") FIELD("message:InternetMessageId"), "");
    char *before;
    char *answer;

    deliver(HEADER("1", "Bread", "") "\r\nText.\r\n");
    answer = ask(find);
    before = conversation_of(answer, "&lt;1@x&gt;");
    ask(arena_printf(
        t.arena,
        "<m:MoveItem><m:ToFolderId><t:DistinguishedFolderId Id=\"inbox\"/>"
        "</m:ToFolderId><m:ItemIds><t:ItemId Id=\"%s\"/></m:ItemIds>"
        "</m:MoveItem>",
        asking_between(&t, answer, "<t:ItemId Id=\"", "\"")));
    cr_expect_str_eq(conversation_of(ask(find), "&lt;1@x&gt;"), before);
}

Test(search, shows_the_beginning_of_the_text)
{
    deliver(HEADER("1", "x", "Content-Type: text/html\r\n")
            "\r\n<html><head><style>p { }</style></head><body>\r\n"
            "<p>One</p>\r\n\r\n <p>two   three</p></body></html>");
    cr_expect_str_eq(asking_between(&t, ask(FIND(FIELD("item:Preview"), "")),
                                    "<t:Preview>", "<"),
                     "One two three");
    cr_expect_str_eq(
        asking_code(&t, ask_in("Exchange2010_SP2",
                               FIND(FIELD("item:Preview"), ""))),
        "ErrorSchemaValidation");
}

/* --- Queries ------------------------------------------------------------- */

#define LETTER \
    "From: \"Carla Bauer\" <carla@example.org>\r\nTo: ann@example.com\r\n" \
    "Cc: dan@example.net\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from the bakery\r\n" \
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" \
    "--b\r\nContent-Type: text/plain\r\n\r\nThe oven is warm.\r\n" \
    "--b\r\nContent-Type: application/pdf; name=\"recipe.pdf\"\r\n" \
    "Content-Disposition: attachment; filename=\"recipe.pdf\"\r\n\r\nx\r\n--b--\r\n"

/* clang-format off */
static const struct {
    const char *query;
    bool found;
} queries[] = {
    { "oven", true },               { "OVEN", true },
    { "ove", true },                { "ven", false },
    { "grüß", true },               { "bakery oven", true },
    { "bakery cold", false },       { "bakery OR cold", true },
    { "bakery or cold", false },    { "NOT cold", true },
    { "NOT oven", false },          { "oven NOT cold", true },
    { "-oven", false },             { "(cold OR warm) AND bakery", true },
    { "\"oven is\"", true },        { "\"oven warm\"", false },
    { "\"oven i\"", false },        { "\"oven i*\"", true },
    { "subject:bak", true },        { "subject:oven", false },
    { "subject:\"the bakery\"", true },
    { "from:carla", true },         { "from:bauer", true },
    { "from:ann", false },          { "to:ann", true },
    { "cc:dan", true },             { "bcc:dan", false },
    { "participants:dan", true },   { "body:oven", true },
    { "body:bakery", false },       { "recipe", true },
    { "attachment:recipe", true },  { "hasattachment:true", true },
    { "isread:true", false },       { "isread:false", true },
    { "received:2024-01-01", true },{ "received:>2024-01-01", false },
    { "received:>=2024-01-01", true }, { "received:<2024-01-02", true },
    { "size:>10", true },           { "size:>10mb", false },
    { "kind:email", true },         { "nonsense:oven", false },
    { "subject:bakery from:carla", true },
    { "subject:bakery AND from:dan", false },
};
/* clang-format on */

Test(search, asks_the_index_as_people_do)
{
    deliver(LETTER);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct sim_mailbox *mailbox = t.exchange->mailboxes[0];

        cr_expect_eq(query_fits(query_read(t.arena, queries[i].query),
                                mailbox->items[0]),
                     queries[i].found, "%s", queries[i].query);
    }
}

#define RESTRICTION "<m:Restriction><t:Exists>" FIELD("item:Subject") "</t:Exists></m:Restriction>"
#define FIND_BY(restriction, query) \
    "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>" \
    "</m:ItemShape>" restriction "<m:ParentFolderIds><t:DistinguishedFolderId Id=\"inbox\"/>" \
    "</m:ParentFolderIds><m:QueryString>" query "</m:QueryString></m:FindItem>"

Test(search, takes_a_query_from_2010_on_and_alone)
{
    deliver(LETTER);
    cr_expect_str_eq(
        asking_code(&t, ask_in("Exchange2007_SP1", FIND_BY("", "oven"))),
        "ErrorSchemaValidation");
    cr_expect_eq(asking_times(ask_in("Exchange2010", FIND_BY("", "oven")),
                              "<t:Message>"),
                 1);
    cr_expect_eq(asking_times(ask(FIND_BY("", "cold")), "<t:Message>"), 0);
    cr_expect_str_eq(asking_code(&t, ask(FIND_BY(RESTRICTION, "oven"))),
                     "ErrorInvalidArgument");
    exchange_set_indexed(t.exchange, false);
    cr_expect_str_eq(asking_code(&t, ask(FIND_BY("", "oven"))),
                     "ErrorContentIndexingNotEnabled");
}

/* --- Folders ------------------------------------------------------------- */

#define TAG(tag, type) \
    "<t:ExtendedFieldURI PropertyTag=\"" tag "\" PropertyType=\"" type "\"/>"

static char *quota_of(const char *folder)
{
    return ask(arena_printf(
        t.arena,
        "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape>"
        "<t:AdditionalProperties>" TAG("0x0E08", "Long") TAG("0x666E", "Integer")
            TAG("0x666A", "Integer") TAG("0x3FF5", "Integer")
        "</t:AdditionalProperties></m:FolderShape><m:FolderIds>"
        "<t:DistinguishedFolderId Id=\"%s\"/></m:FolderIds></m:GetFolder>",
        folder));
}

static char *value_of(const char *answer, const char *tag)
{
    const char *at = strstr(answer, tag);

    return asking_between(&t, at == NULL ? "" : at, "<t:Value>", "<");
}

Test(search, tells_the_quota_at_the_root_alone)
{
    char *answer;

    deliver(LETTER);
    answer = quota_of("root");
    cr_expect_eq(strtoul(value_of(answer, "\"0xe08\""), NULL, 10),
                 strlen(LETTER));
    cr_expect_null(strstr(answer, "\"0x666a\""));
    exchange_set_quota(t.exchange, 1024 * 1000);
    answer = quota_of("root");
    cr_expect_str_eq(value_of(answer, "\"0x666a\""), "1000");
    cr_expect_str_eq(value_of(answer, "\"0x666e\""), "950");
    cr_expect_str_eq(value_of(answer, "\"0x3ff5\""), "900");
    cr_expect_null(strstr(quota_of("inbox"), "\"0x666a\""));
}

#define UPDATE(field) \
    "<m:UpdateFolder><m:FolderChanges><t:FolderChange><t:DistinguishedFolderId Id=\"inbox\"/>" \
    "<t:Updates>" field "</t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>"
#define SET(tag, type, value) \
    "<t:SetFolderField>" TAG(tag, type) "<t:Folder><t:ExtendedProperty>" TAG(tag, type) \
    "<t:Value>" value "</t:Value></t:ExtendedProperty></t:Folder></t:SetFolderField>"
#define GET_COMMENT \
    "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>" \
    TAG("0x3004", "String") "</t:AdditionalProperties></m:FolderShape><m:FolderIds>" \
    "<t:DistinguishedFolderId Id=\"inbox\"/></m:FolderIds></m:GetFolder>"

Test(search, keeps_a_comment_on_a_folder)
{
    cr_expect_null(strstr(ask(GET_COMMENT), "<t:Value>"));
    cr_expect_str_eq(
        asking_code(&t, ask(UPDATE(SET("0x3004", "String", "Mine &amp; yours")))),
        "NoError");
    cr_expect_str_eq(value_of(ask(GET_COMMENT), "0x3004"), "Mine &amp; yours");
    ask(UPDATE("<t:DeleteFolderField>" TAG("0x3004", "String")
               "</t:DeleteFolderField>"));
    cr_expect_null(strstr(ask(GET_COMMENT), "<t:Value>"));
    cr_expect_str_eq(
        asking_code(&t, ask(UPDATE(SET("0x3602", "Integer", "7")))),
        "ErrorFolderSave");
}
