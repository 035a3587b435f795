/* From an answer to libmicrohttpd's response: body without copy, gzip, fields, streams. */
#include "node/http_response.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "node/gzip.h"
#include "node/http_state.h"
#include "store/store.h"

enum {
    STREAM_BLOCK_SIZE = 32 * 1024,
    NAME_MAX_SIZE = 128,
};

static void release_item(void *cls)
{
    struct store_item *item = cls;
    store_item_release(&item);
}

static ssize_t read_stream(void *cls, uint64_t position, char *ret, size_t size)
{
    struct node_http_exchange *exchange = cls;
    (void)position;
    for (;;) {
        const ssize_t given = github_call_download(exchange->call, ret, size);
        if (given > 0)
            return given;
        if (given == 0)
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (given != -EAGAIN)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (node_http_exchange_sleep(exchange))
            return 0;
    }
}

static struct MHD_Response *of_stream(struct node_http_exchange *exchange,
                                      const struct github_answer *answer)
{
    const uint64_t size =
        answer->stream_size >= 0 ? (uint64_t)answer->stream_size : MHD_SIZE_UNKNOWN;
    return MHD_create_response_from_callback(size, STREAM_BLOCK_SIZE, read_stream, exchange, NULL);
}

/* The reference goes along with the response. */
static struct MHD_Response *of_item(struct store_item *item, const void *body, size_t size)
{
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        size, (void *)(uintptr_t)body, release_item, item);
    if (!response)
        store_item_release(&item);
    return response;
}

static struct MHD_Response *of_text(struct github_answer *answer)
{
    char *text = answer->text;
    answer->text = NULL;
    if (!text)
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->text_size, text, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(text);
    return response;
}

static struct MHD_Response *make(struct node_http_exchange *exchange, struct github_answer *answer,
                                 bool *ret_is_coded)
{
    *ret_is_coded = false;
    if (answer->is_streamed)
        return of_stream(exchange, answer);
    if (!answer->item)
        return of_text(answer);
    size_t size;
    const void *body = NULL;
    if (answer->may_compress && exchange->accepts_gzip)
        body = store_item_variant(answer->item, node_gzip_make, &size);
    *ret_is_coded = body != NULL;
    if (!body)
        body = store_item_body(answer->item, &size);
    struct store_item *item = answer->item;
    answer->item = NULL;
    return of_item(item, body, size);
}

/* A field that libmicrohttpd can't send is left out: better an answer without it than none. */
static void add_field(struct MHD_Response *response, const struct github_header *field,
                      struct buffer *value, bool is_coded)
{
    char name[NAME_MAX_SIZE];
    if (field->name.size >= sizeof name)
        return;
    memcpy(name, field->name.data, field->name.size);
    name[field->name.size] = '\0';
    buffer_clear(value);
    /* RFC 9110, 8.8.1: another coding is another representation, weakly the same. */
    if (is_coded && slice_equals_nocase(field->name, slice_of("ETag")) &&
        !slice_starts_with(field->value, slice_of("W/")))
        buffer_put_text(value, "W/");
    buffer_put_slice(value, field->value);
    if (!value->error && value->data)
        (void)!MHD_add_response_header(response, name, value->data);
}

static void add_fields(struct MHD_Response *response, const struct github_answer *answer,
                       bool is_coded)
{
    struct buffer value;
    buffer_init(&value, GITHUB_HEADER_VALUE_MAX + 2);
    for (size_t i = 0; i < answer->headers.count; i++)
        add_field(response, &answer->headers.list[i], &value, is_coded);
    buffer_done(&value);
    if (answer->may_compress && !github_headers_lists(&answer->headers, "Vary", "Accept-Encoding"))
        (void)!MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (is_coded)
        (void)!MHD_add_response_header(response, "Content-Encoding", "gzip");
}

enum MHD_Result node_http_response_send(struct node_http_exchange *exchange,
                                        struct github_answer *answer)
{
    bool is_coded;
    const int status = answer->status;
    struct MHD_Response *response = make(exchange, answer, &is_coded);
    enum MHD_Result sent = MHD_NO;
    if (response) {
        add_fields(response, answer, is_coded);
        sent = MHD_queue_response(exchange->connection, (unsigned)status, response);
        MHD_destroy_response(response);
    }
    github_answer_done(answer);
    exchange->stage = NODE_HTTP_STAGE_ANSWERED;
    exchange->status = status;
    return sent;
}

enum MHD_Result node_http_response_refuse(struct node_http_exchange *exchange, int status,
                                          const char *message, const char *detail)
{
    const struct github_trace trace = {.reason = GITHUB_REASON_BYPASS, .detail = detail};
    struct github_answer answer;
    github_answer_fail(&answer, status, message, &trace);
    return node_http_response_send(exchange, &answer);
}
