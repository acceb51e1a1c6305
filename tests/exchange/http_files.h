/*
 * http_files.h - what is fetched by its address: pictures, the address book
 */
#ifndef POSTERN_TESTS_EXCHANGE_HTTP_FILES_H
#define POSTERN_TESTS_EXCHANGE_HTTP_FILES_H

struct arena;
struct exchange;
struct http_answer;
struct http_request;

/* The name that such a call counts under ("GetUserPhoto", "OAB"); NULL for any
 * other address. */
const char *http_file_operation(const struct exchange *exchange,
                                const struct http_request *request);

/* The answer: 200, 304 for who has it already, 400, 404. */
void http_file_answer(struct exchange *exchange, struct arena *arena,
                      const struct http_request *request,
                      struct http_answer *answer_out);

#endif
