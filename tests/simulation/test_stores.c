/*
 * test_stores.c - what the simulated Exchange has beside a mailbox: archives,
 * public folders, recoverable items, folders of searches, configurations
 */
#include "tests/exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "tests/simulation/asking.h"

#define USER "ann@example.com"
#define OTHER "bert@example.com"
#define MAIL "From: Bob <bob@example.org>\r\nSubject: Hello\r\n\r\nText.\r\n"

static struct asking t;

static void start(enum exchange_version version)
{
    asking_restart(&t, version);
    exchange_add_user(t.exchange, USER, "Ann", "secret", "en");
    exchange_add_user(t.exchange, OTHER, "Bert", "secret", "en");
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

TestSuite(stores, .init = set_up, .fini = tear_down, .timeout = 600);

static char *ask_as(const char *user, const char *version,
                    const char *operation)
{
    return asking_ask(&t, user, version, "", operation, NULL, NULL);
}

static char *ask(const char *operation)
{
    return ask_as(USER, "Exchange2013_SP1", operation);
}

static char *code_of(const char *operation)
{
    return asking_code(&t, ask(operation));
}

static const char *put(const char *store, const char *folder)
{
    return exchange_add_message(t.exchange, store, folder, MAIL, strlen(MAIL),
                                1704103200, false);
}

#define FIELD(uri) "<t:FieldURI FieldURI=\"" uri "\"/>"
#define ID(id) "<t:DistinguishedFolderId Id=\"" id "\"/>"
#define FOLDER_SHAPE \
    "<m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>"
#define GET(id) "<m:GetFolder>" FOLDER_SHAPE "<m:FolderIds>" id "</m:FolderIds></m:GetFolder>"
#define TREE(traversal, id) \
    "<m:FindFolder Traversal=\"" traversal "\">" FOLDER_SHAPE "<m:ParentFolderIds>" id \
    "</m:ParentFolderIds></m:FindFolder>"
#define LIST(traversal, id) \
    "<m:FindItem Traversal=\"" traversal "\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>" \
    "<t:AdditionalProperties>" FIELD("message:IsRead") "</t:AdditionalProperties></m:ItemShape>" \
    "<m:ParentFolderIds>" id "</m:ParentFolderIds></m:FindItem>"
#define SYNC(id) \
    "<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>" id \
    "</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>"
#define SYNC_TREE(id) \
    "<m:SyncFolderHierarchy>" FOLDER_SHAPE "<m:SyncFolderId>" id "</m:SyncFolderId></m:SyncFolderHierarchy>"
#define DELETE(how) "<m:DeleteItem DeleteType=\"" how "\"><m:ItemIds><t:ItemId Id=\"%s\"/></m:ItemIds></m:DeleteItem>"
#define MOVE(to) \
    "<m:MoveItem><m:ToFolderId>" ID(to) "</m:ToFolderId><m:ItemIds><t:ItemId Id=\"%s\"/></m:ItemIds></m:MoveItem>"

static char *with(const char *format, const char *id)
{
    return arena_printf(t.arena, format, id);
}

static char *folder_id(const char *answer, const char *name)
{
    const char *at =
        strstr(answer, arena_printf(t.arena, "<t:DisplayName>%s<", name));

    while (at != NULL && !str_starts(at, "<t:FolderId"))
        at--;
    return at == NULL ? arena_strdup(t.arena, "")
                      : arena_printf(t.arena, "<t:FolderId Id=\"%s\"/>",
                                     asking_between(&t, at, "Id=\"", "\""));
}

/* --- Archives ------------------------------------------------------------ */

Test(stores, has_an_archive_for_who_has_one)
{
    char *tree;
    char *id;

    cr_expect_str_eq(code_of(GET(ID("archiveroot"))), "ErrorFolderNotFound");
    exchange_add_archive(t.exchange, USER);
    cr_expect_str_eq(code_of(GET(ID("archiveinbox"))), "NoError");
    cr_expect_str_eq(code_of(GET(ID("archiverecoverableitemsdeletions"))),
                     "NoError");
    exchange_add_folder(t.exchange, USER "/archive", "Old/2023");
    put(USER "/archive", "Old/2023");
    tree = ask(TREE("Deep", ID("archivemsgfolderroot")));
    id = folder_id(tree, "2023");
    cr_expect_eq(asking_times(ask(with(LIST("Shallow", "%s"), id)),
                              "<t:Message>"),
                 1);
    cr_expect_str_eq(code_of(with(SYNC("%s"), id)), "NoError");
    cr_expect_str_eq(code_of(SYNC_TREE(ID("archivemsgfolderroot"))), "NoError");
    cr_expect_str_eq(asking_code(&t, ask_as(OTHER, "Exchange2013_SP1",
                                            with(SYNC("%s"), id))),
                     "ErrorSyncFolderNotFound");
    cr_expect_eq(exchange_count(t.exchange, USER, NULL), 0);
}

Test(stores, has_an_archives_inbox_from_2013_on)
{
    start(EXCHANGE_2010_SP2);
    exchange_add_archive(t.exchange, USER);
    cr_expect_str_eq(asking_code(&t, ask_as(USER, "Exchange2010_SP2",
                                            GET(ID("archiveinbox")))),
                     "ErrorSchemaValidation");
    cr_expect_str_eq(asking_code(&t, ask_as(USER, "Exchange2010_SP2",
                                            GET(ID("archivemsgfolderroot")))),
                     "NoError");
}

Test(stores, moves_between_a_mailbox_and_its_archive)
{
    const char *item = put(USER, NULL);
    char *answer;

    exchange_add_archive(t.exchange, USER);
    answer = ask(with(MOVE("archivedeleteditems"), item));
    cr_expect_str_eq(asking_code(&t, answer), "NoError");
    cr_expect_eq(exchange_count(t.exchange, USER, NULL), 0);
    cr_expect_eq(exchange_count(t.exchange, USER "/archive", "Deleted Items"),
                 1);
    item = asking_between(&t, answer, "<t:ItemId Id=\"", "\"");
    cr_expect_str_eq(code_of(with(MOVE("inbox"), item)), "NoError");
    cr_expect_eq(exchange_count(t.exchange, USER, NULL), 1);
}

Test(stores, names_the_owner_of_an_archive)
{
    char *answer;
    char *id;

    exchange_add_archive(t.exchange, USER);
    id = asking_between(&t, ask(GET(ID("archiveroot"))), "<t:FolderId Id=\"",
                        "\"");
    answer = ask(arena_printf(
        t.arena,
        "<m:ConvertId DestinationFormat=\"EwsId\"><m:SourceIds><t:AlternateId"
        " Format=\"EwsId\" Id=\"%s\" Mailbox=\"x\"/></m:SourceIds>"
        "</m:ConvertId>",
        id));
    cr_expect_not_null(strstr(answer, "Mailbox=\"" USER "\" IsArchive=\"true\""),
                       "%s", answer);
}

/* --- Public folders ------------------------------------------------------ */

static char *public_folder(const char *user, const char *name)
{
    return folder_id(
        ask_as(user, "Exchange2013_SP1", TREE("Shallow", ID("publicfoldersroot"))),
        name);
}

Test(stores, has_public_folders_level_by_level)
{
    char *board;

    cr_expect_str_eq(code_of(GET(ID("publicfoldersroot"))),
                     "ErrorNoPublicFolderReplicaAvailable");
    exchange_add_public_folder(t.exchange, "Board/Old");
    put(EXCHANGE_PUBLIC, "Board");
    cr_expect_str_eq(code_of(TREE("Deep", ID("publicfoldersroot"))),
                     "ErrorInvalidOperation");
    board = public_folder(USER, "Board");
    cr_expect_eq(asking_times(ask(with(TREE("Shallow", "%s"), board)),
                              "<t:DisplayName>Old<"),
                 1);
    cr_expect_eq(asking_times(ask(with(LIST("Shallow", "%s"), board)),
                              "<t:Message>"),
                 1);
    cr_expect_str_eq(code_of(with(SYNC("%s"), board)),
                     "ErrorInvalidFolderTypeForOperation");
    cr_expect_str_eq(code_of(SYNC_TREE(ID("publicfoldersroot"))),
                     "ErrorInvalidFolderTypeForOperation");
    cr_expect_str_eq(
        code_of(with("<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>%s"
                     "</t:FolderIds><t:EventTypes><t:EventType>NewMailEvent"
                     "</t:EventType></t:EventTypes><t:Timeout>1</t:Timeout>"
                     "</m:PullSubscriptionRequest></m:Subscribe>",
                     board)),
        "ErrorInvalidSubscriptionRequest");
}

#define MARK_READ \
    "<m:UpdateItem ConflictResolution=\"AlwaysOverwrite\" MessageDisposition=\"SaveOnly\"><m:ItemChanges>" \
    "<t:ItemChange><t:ItemId Id=\"%s\"/><t:Updates><t:SetItemField><t:FieldURI FieldURI=\"message:IsRead\"/>" \
    "<t:Message><t:IsRead>true</t:IsRead></t:Message></t:SetItemField></t:Updates></t:ItemChange>" \
    "</m:ItemChanges></m:UpdateItem>"

Test(stores, remembers_who_has_read_what_in_public)
{
    const char *item;
    char *board;

    exchange_add_public_folder(t.exchange, "Board");
    exchange_grant(t.exchange, EXCHANGE_PUBLIC, "Board", "Default", "Reviewer");
    item = put(EXCHANGE_PUBLIC, "Board");
    cr_expect_str_eq(code_of(with(MARK_READ, item)), "NoError");
    board = public_folder(USER, "Board");
    cr_expect_not_null(strstr(ask(with(LIST("Shallow", "%s"), board)),
                              "<t:IsRead>true<"));
    cr_expect_not_null(
        strstr(ask(with(GET("%s"), board)), "<t:UnreadCount>0<"));
    cr_expect_not_null(strstr(ask_as(OTHER, "Exchange2013_SP1",
                                     with(LIST("Shallow", "%s"), board)),
                              "<t:IsRead>false<"));
    cr_expect_not_null(strstr(
        ask_as(OTHER, "Exchange2013_SP1", with(GET("%s"), board)),
        "<t:UnreadCount>1<"));
    cr_expect_str_eq(code_of(with(DELETE("HardDelete"), item)),
                     "ErrorAccessDenied");
}

Test(stores, has_no_deleted_items_in_public)
{
    const char *item;

    exchange_add_public_folder(t.exchange, "Board");
    exchange_grant(t.exchange, EXCHANGE_PUBLIC, "Board", "Default", "Editor");
    item = put(EXCHANGE_PUBLIC, "Board");
    cr_expect_str_eq(code_of(with(DELETE("MoveToDeletedItems"), item)),
                     "ErrorCannotDeleteObject");
    cr_expect_str_eq(code_of(with(DELETE("SoftDelete"), item)), "NoError");
    cr_expect_eq(exchange_count(t.exchange, EXCHANGE_PUBLIC, "Board"), 0);
}

/* --- Recoverable items --------------------------------------------------- */

Test(stores, keeps_what_is_deleted_softly_from_2010_on)
{
    char *answer;

    ask(with(DELETE("SoftDelete"), put(USER, NULL)));
    answer = ask(LIST("Shallow", ID("recoverableitemsdeletions")));
    cr_expect_eq(asking_times(answer, "<t:Message>"), 1);
    cr_expect_str_eq(
        code_of(with(MOVE("inbox"),
                     asking_between(&t, answer, "<t:ItemId Id=\"", "\""))),
        "NoError");
    cr_expect_eq(exchange_count(t.exchange, USER, NULL), 1);
}

Test(stores, keeps_what_is_deleted_softly_in_its_folder_in_2007)
{
    const char *list = LIST("SoftDeleted", ID("inbox"));
    char *answer;

    start(EXCHANGE_2007_SP1);
    ask_as(USER, "Exchange2007_SP1",
           with(DELETE("SoftDelete"), put(USER, NULL)));
    cr_expect_eq(exchange_count(t.exchange, USER, NULL), 0);
    answer = ask_as(USER, "Exchange2007_SP1", list);
    cr_expect_eq(asking_times(answer, "<t:Message>"), 1);
    ask_as(USER, "Exchange2007_SP1",
           with(MOVE("inbox"),
                asking_between(&t, answer, "<t:ItemId Id=\"", "\"")));
    cr_expect_eq(exchange_count(t.exchange, USER, NULL), 1);
    cr_expect_eq(asking_times(ask_as(USER, "Exchange2007_SP1", list),
                              "<t:Message>"),
                 0);
}

/* --- Folders of searches ------------------------------------------------- */

Test(stores, finds_in_folders_of_searches_what_they_look_for)
{
    char *tree;
    char *id;

    put(USER, NULL);
    exchange_mark_read(t.exchange, USER, NULL, 0, true);
    put(USER, "drafts");
    tree = ask(TREE("Deep", ID("root")));
    cr_expect_eq(asking_times(tree, "<t:SearchFolder>"), 2, "%s", tree);
    id = folder_id(tree, "Unread Mail");
    cr_expect_eq(asking_times(ask(with(LIST("Shallow", "%s"), id)),
                              "<t:Message>"),
                 1);
    cr_expect_not_null(strstr(ask(with(GET("%s"), id)), "<t:TotalCount>1<"));
    cr_expect_eq(asking_times(ask(with(LIST("Shallow", "%s"),
                                       folder_id(tree, "AllItems"))),
                              "<t:Message>"),
                 2);
    cr_expect_str_eq(code_of(with(SYNC("%s"), id)),
                     "ErrorInvalidFolderTypeForOperation");
}

/* --- Configurations ------------------------------------------------------ */

#define CATEGORIES \
    "<m:GetUserConfiguration><m:UserConfigurationName Name=\"CategoryList\">" ID("calendar") \
    "</m:UserConfigurationName><m:UserConfigurationProperties>XmlData</m:UserConfigurationProperties>" \
    "</m:GetUserConfiguration>"

Test(stores, lists_categories_with_their_colours)
{
    size_t len;
    char *list;

    cr_expect_str_eq(code_of(CATEGORIES), "ErrorItemNotFound");
    exchange_add_category(t.exchange, USER, "Bread & butter", 3);
    exchange_add_category(t.exchange, USER, "Plain", -1);
    list = asking_between(&t, ask(CATEGORIES), "<t:XmlData>", "<");
    list = base64_decode(t.arena, list, strlen(list), &len);
    cr_assert_not_null(list);
    cr_expect_not_null(
        strstr(list, "name=\"Bread &amp; butter\" color=\"3\""), "%s", list);
    cr_expect_not_null(strstr(list, "name=\"Plain\" color=\"-1\""));
    cr_expect_str_eq(
        asking_code(&t, ask_as(USER, "Exchange2007_SP1", CATEGORIES)),
        "ErrorSchemaValidation");
}

/* --- Searches that somebody makes ---------------------------------------- */

#define MAKE_SEARCH                                                            \
    "<m:CreateFolder><m:ParentFolderId>" ID("searchfolders")                   \
    "</m:ParentFolderId><m:Folders><t:SearchFolder><t:DisplayName>New"         \
    "</t:DisplayName><t:SearchParameters Traversal=\"%s\"><t:Restriction>"     \
    "<t:IsEqualTo>" FIELD("message:IsRead") "<t:FieldURIOrConstant>"           \
    "<t:Constant Value=\"false\"/></t:FieldURIOrConstant></t:IsEqualTo>"       \
    "</t:Restriction><t:BaseFolderIds>" ID("inbox") "</t:BaseFolderIds>"       \
    "</t:SearchParameters></t:SearchFolder></m:Folders></m:CreateFolder>"
#define GET_ALL                                                                \
    "<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape>"     \
    "</m:FolderShape><m:FolderIds>%s</m:FolderIds></m:GetFolder>"

Test(stores, shows_what_a_search_finds_under_the_ids_that_it_has)
{
    for (int deep = 0; deep < 2; deep++) {
        start(EXCHANGE_2016);
        exchange_add_folder(t.exchange, USER, "Inbox/Below");
        const char *top = put(USER, NULL);
        const char *below = put(USER, "Inbox/Below");
        put(USER, "Drafts");
        char *id = arena_printf(
            t.arena, "<t:FolderId Id=\"%s\"/>",
            asking_between(&t, ask(with(MAKE_SEARCH, deep ? "Deep" : "Shallow")),
                           "<t:FolderId Id=\"", "\""));
        char *found = ask(with(LIST("Shallow", "%s"), id));
        cr_expect_not_null(strstr(found, top), "%s", found);
        cr_expect_eq(strstr(found, below) != NULL, deep);
        cr_expect_eq(asking_times(found, "<t:Message>"), 1u + (unsigned)deep);
        cr_expect_not_null(
            strstr(ask(with(GET_ALL, id)),
                   deep ? "<t:SearchParameters Traversal=\"Deep\">"
                        : "<t:SearchParameters Traversal=\"Shallow\">"));
        cr_expect_str_eq(code_of(with(SYNC("%s"), id)),
                         "ErrorInvalidFolderTypeForOperation");
        exchange_mark_read(t.exchange, USER, NULL, 0, true);
        cr_expect_eq(asking_times(ask(with(LIST("Shallow", "%s"), id)),
                                  "<t:Message>"),
                     (unsigned)deep);
    }
}
