/* Puts the parts together. */
#include "mock.h"

#include <string.h>

#include "reply.h"

static void on_change(void *cls, struct mock_state *state)
{
    struct mock *self = cls;
    mock_history_change(&self->history, state);
}

int mock_init(struct mock *self, const struct mock_options *options)
{
    memset(self, 0, sizeof *self);
    self->options = *options;
    mock_clock_init(&self->clock, options->time_scale);
    int r = mock_token_init(&self->tokens);
    if (r == 0)
        r = mock_limit_init(&self->limits);
    if (r == 0)
        r = mock_stats_init(&self->stats);
    if (r == 0)
        r = mock_log_init(&self->log);
    if (r == 0)
        r = mock_history_init(&self->history, mock_reply_render, self);
    if (r == 0)
        r = mock_model_init(&self->model, &self->options, &self->clock);
    if (r < 0) {
        mock_done(self);
        return r;
    }
    self->model.on_change = on_change;
    self->model.cls = self;
    return 0;
}

void mock_done(struct mock *self)
{
    mock_history_done(&self->history); /* watches point into the model */
    mock_model_done(&self->model);
    mock_log_done(&self->log);
    mock_stats_done(&self->stats);
    mock_limit_done(&self->limits);
    mock_token_done(&self->tokens);
    mock_fault_clear(&self->faults);
}
