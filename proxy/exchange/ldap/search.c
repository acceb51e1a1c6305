/*
 * search.c - what is asked of an LDAP server, page by page (RFC 2696)
 */
#include "proxy/exchange/ldap/search.h"

/* Active Directory gives a thousand at most. */
#define PAGE 500

struct search {
    struct op *op;
    struct ldap_links *links;
    const struct ldap_question *question;
    bool (*each)(void *context, LDAP *link, LDAPMessage *entry);
    void *context;

    struct berval *cookie; /* where the next page begins; NULL: there is none */
    size_t seen;
    bool stopped; /* nobody wants more */
    bool cut;     /* the server was not let or does not tell the rest */
};

/* --- One page ------------------------------------------------------------- */

static int page_size(const struct search *search)
{
    size_t limit = search->question->limit;
    size_t left = limit > search->seen ? limit - search->seen : 1;

    return (int)(limit == 0 || left > PAGE ? PAGE : left);
}

static int ask_page(struct search *search, LDAP *link, int *id_out)
{
    const struct ldap_question *question = search->question;
    const char *base = question->base != NULL
                           ? question->base
                           : ldap_links_about(search->links)->base;
    LDAPControl *page = NULL;
    int code = ldap_create_page_control(link, page_size(search), search->cookie,
                                        false, &page);

    if (code != LDAP_SUCCESS)
        return code;
    LDAPControl *controls[] = { page, NULL };
    code = ldap_search_ext(link, base, question->scope, question->filter,
                           (char **)question->attributes, 0, controls, NULL,
                           NULL, 0, id_out);
    ldap_control_free(page);
    return code;
}

static void take_cookie(struct search *search, LDAP *link,
                        LDAPControl **controls)
{
    struct berval cookie = { 0, NULL };
    ber_int_t total;
    LDAPControl *page =
        ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);

    ber_bvfree(search->cookie);
    search->cookie = NULL;
    if (page != NULL &&
        ldap_parse_pageresponse_control(link, page, &total, &cookie) ==
            LDAP_SUCCESS &&
        cookie.bv_len > 0)
        search->cookie = ber_bvdup(&cookie);
    ber_memfree(cookie.bv_val);
}

static enum status take_result(struct search *search, LDAP *link,
                               LDAPMessage *message)
{
    LDAPControl **controls = NULL;
    int code = LDAP_OTHER;
    int parsed = ldap_parse_result(link, message, &code, NULL, NULL, NULL,
                                   &controls, false);

    if (parsed != LDAP_SUCCESS)
        code = parsed;
    take_cookie(search, link, controls);
    ldap_controls_free(controls);
    if (code == LDAP_SIZELIMIT_EXCEEDED || code == LDAP_ADMINLIMIT_EXCEEDED ||
        (code == LDAP_TIMELIMIT_EXCEEDED && search->seen > 0)) {
        search->cut = true;
        return STATUS_OK;
    }
    return ldap_told(search->op, code, "searching");
}

static void take_entry(struct search *search, LDAP *link, LDAPMessage *message)
{
    size_t limit = search->question->limit;

    if (limit != 0 && search->seen == limit) {
        search->stopped = true;
        return;
    }
    search->seen++;
    search->stopped = !search->each(search->context, link, message);
}

static enum status read_page(struct search *search, LDAP *link, int id)
{
    for (;;) {
        LDAPMessage *message;
        enum status status =
            ldap_link_wait(search->op, search->links, link, id, &message);

        if (status != STATUS_OK)
            return status;
        int kind = ldap_msgtype(message);
        if (kind == LDAP_RES_SEARCH_ENTRY)
            take_entry(search, link, message);
        else if (kind == LDAP_RES_SEARCH_RESULT)
            status = take_result(search, link, message);
        ldap_msgfree(message);
        if (kind == LDAP_RES_SEARCH_RESULT)
            return status;
        if (search->stopped) {
            search->cut = true;
            return STATUS_OK;
        }
    }
}

/* --- All of them ---------------------------------------------------------- */

static bool wants_more(const struct search *search)
{
    const struct ldap_question *question = search->question;

    return search->cookie != NULL && !search->cut && !search->stopped &&
           (question->limit == 0 || search->seen < question->limit);
}

static enum status read_all(struct search *search, LDAP *link)
{
    enum status status;

    do {
        int id = -1;
        int code = ask_page(search, link, &id);
        status = code == LDAP_SUCCESS ? read_page(search, link, id)
                                      : ldap_told(search->op, code, "asking");
    } while (status == STATUS_OK && wants_more(search));
    return status;
}

enum status ldap_ask(struct op *op, struct ldap_links *links,
                     const struct ldap_question *question,
                     bool (*each)(void *context, LDAP *link,
                                  LDAPMessage *entry),
                     void *context, bool *complete_out)
{
    enum status status;
    struct op before = *op;
    bool used, again;
    LDAP *link;

    do {
        struct search search = { .op = op,
                                 .links = links,
                                 .question = question,
                                 .each = each,
                                 .context = context };
        status = ldap_links_take(op, links, &link, &used);
        if (status != STATUS_OK)
            return status;
        status = read_all(&search, link);
        *complete_out = !search.cut && search.cookie == NULL;
        again = status == STATUS_UNAVAILABLE && used && search.seen == 0;
        /* Pages that nobody fetches are forgotten at the next search; who knows
         * no pages may be telling of everybody still. */
        ldap_links_give(links, link,
                        !search.stopped && (status == STATUS_OK ||
                                            status == STATUS_NOT_FOUND));
        ber_bvfree(search.cookie);
    } while (again);
    if (status == STATUS_OK) {
        op->reason = before.reason;
        op->failed = before.failed;
    }
    return status;
}
