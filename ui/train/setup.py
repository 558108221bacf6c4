"""How the network is to learn: everything that a training needs, with what each setting means for it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.network.network import CLASSES
from core.runs import budget, diagnosis, folders, history, queue
from core.training import data
from core.training.optimizers import OPTIMIZERS
from core.training.presets import PRESETS
from core.training.spec import IMAGES, TrainingSpec
from ui.classes import gate
from ui.shared import aloud, controls, digit, navigation, networks, state, tables, text, visitor, warmup
from ui.train import recorded, settings
from viz import memory_bars
from words import N_, _

_NAMES = {
    **{name: optimizer.title for name, optimizer in OPTIMIZERS.items()},
    "constant": N_("Constant"),
    "cosine": N_("Falling"),
    "warmup": N_("Warm-up"),
    "none": N_("Off"),
    "light": N_("Light"),
    "drawn": N_("As people draw"),
    "fit": N_("Keras fit"),
    "loop": N_("GradientTape loop"),
    "auto": N_("Auto"),
    "top_3_accuracy": N_("Top-3 accuracy"),
    "crossentropy": N_("Cross-entropy"),
}
_SHOWN = {option: f"{int(option):,}" for option in (*settings.EXAMPLES, *settings.VALIDATIONS)}
_STARTED = "_train_error"


def show() -> None:
    """A preset and the button side by side, what they amount to, the settings that are turned most; then the rest."""
    gate.settle_training()
    spec = settings.training_spec()
    _start(spec)
    if warmup.ready():  # else this process is the one that imports TensorFlow, and somebody waits for it
        queue.prepare()
    rate, epochs, images = st.columns(3, gap="medium")
    with rate:
        controls.steps(
            "fit_rate", _("Learning rate"), _("How far each step goes. Ten times more or less changes everything.")
        )
    with epochs:
        controls.slider("fit_epochs", _("Epochs"), _("How often it sees each training image."))
    with images:
        controls.steps(
            "fit_examples", _("Training images"), _("The first so many of MNIST's training half."), names=_SHOWN
        )
    gate.training_data(spec)
    _more(spec)
    _labels(spec)


def _start(spec: TrainingSpec) -> None:
    problem = spec.problem() or budget.problem(spec) or data.problem(spec)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        with st.container(width=230):
            st.selectbox(
                _("Try"),
                list(PRESETS),
                index=None,
                key="train_preset",
                format_func=_,
                placeholder=_("settings worth trying"),
                on_change=_preset_chosen,
            )
        st.button(
            _("Start training"),
            icon=":material/play_arrow:",
            key="train_start",
            on_click=_started,
            args=(spec,),
            disabled=problem is not None,
        )
        with st.container(width=260):
            st.text_input(_("Name"), key="train_name", max_chars=folders.LONGEST_NAME, placeholder=spec.title())
        st.button(_("Reset"), icon=":material/restart_alt:", key="fit_reset", on_click=state.reset, args=("fit_",))
    if error := st.session_state.pop(_STARTED, None) or problem:
        st.error(text.plain(error))
    if preset := PRESETS.get(st.session_state.get("train_preset") or ""):
        st.caption(_(preset.note))
        recorded.offer(st.session_state["train_preset"])
    st.markdown(_amount(spec))


def _amount(spec: TrainingSpec) -> str:
    """Images, steps and time of the whole training."""
    pace = history.pace(spec)
    needed = spec.epochs * spec.examples / pace if pace else 0
    sentences = [
        _(
            "**{epochs} × {images:,} images** in batches of {batch}: {steps:,} steps an epoch, {all_steps:,} in all.",
            epochs=spec.epochs,
            images=spec.examples,
            batch=spec.batch_size,
            steps=spec.batches,
            all_steps=spec.epochs * spec.batches,
        )
    ]
    if needed:
        sentences.append(_("About {duration} at the pace of an earlier run.", duration=text.duration(needed)))
    if int(state.get("fit_examples")) != spec.examples:
        sentences.append(
            _(
                "Only {images:,} training images: validation takes the rest of the {half:,}.",
                images=spec.examples,
                half=IMAGES,
            )
        )
    return " ".join([*sentences, *_disk(spec)])


def _disk(spec: TrainingSpec) -> list[str]:
    """What is not kept, where a run may not write as much."""
    if spec.problem() or len(kept := budget.kept_epochs(spec)) > spec.epochs:
        return []
    said = _(
        "A run may write {size}: only the weights after epochs {epochs} are kept.",
        size=memory_bars.size(budget.most_bytes()),
        epochs=", ".join(map(str, sorted(kept))),
    )
    return [said]


def _preset_chosen() -> None:
    if preset := PRESETS.get(st.session_state["train_preset"] or ""):
        state.put(settings.settings_of(preset.spec))


def _more(spec: TrainingSpec) -> None:
    """All other settings, folded away; in front of them what they are."""
    st.caption(_rest(spec))
    with st.expander(_("More settings"), icon=":material/tune:"):
        first, second, third = st.columns(3, gap="medium")
        with first:
            st.markdown(_("**How it steps**"))
            _steps()
        with second:
            st.markdown(_("**What it sees**"))
            _data()
        with third:
            st.markdown(_("**What it is told**"))
            _loss()
    network = spec.network
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        about = {"network": networks.chosen().name, "layers": len(network)}
        if network.problem():
            said = _("**Network**: {network}, {layers} layers.", **about)
        else:
            count = network.parameter_count()
            said = _("**Network**: {network}, {layers} layers, {count:,} parameters.", **about, count=count)
        st.markdown(said, width="content")
        navigation.link("network", _("Change the network"), icon=":material/account_tree:", width="content")


def _rest(spec: TrainingSpec) -> str:
    """The settings under "More settings" in one line."""
    used = OPTIMIZERS[spec.optimizer]
    stepping = used.title
    if "momentum" in used.parameters:
        stepping = _("{optimizer} with momentum {momentum:g}", optimizer=used.title, momentum=spec.momentum)
    names = settings.said(_NAMES)
    measures = [names[name].lower() for name in spec.metrics if name != "accuracy"]
    parts = [
        stepping,
        _("rate: {schedule}", schedule=names[spec.schedule].lower()),
        _("batches of {count}", count=spec.batch_size),
        _("{count:,} validation images", count=spec.validation),
        _("augmentation: {kind}", kind=names[spec.augmentation].lower()),
        spec.loss,
        *(_("also {measure}", measure=measure) for measure in measures),
        names[spec.engine],
        _("precision: {kind}", kind=names.get(spec.precision, spec.precision).lower()),
        _("seed {number}", number=spec.seed),
    ]
    return ", ".join(parts) + "."


def _steps() -> None:
    names = settings.said(_NAMES)
    chosen = controls.choice("fit_optimizer", _("Optimizer"), names=names)
    st.caption(f"{OPTIMIZERS[chosen].title}: {_(OPTIMIZERS[chosen].says)}.")
    if "momentum" in OPTIMIZERS[chosen].parameters:
        controls.slider("fit_momentum", _("Momentum"), _("The share of the last step that is added to this one."))
    controls.choice(
        "fit_schedule",
        _("Schedule"),
        _(
            "Falling: large steps first, tiny ones at the end. Warm-up: the rate rises from 0 in the first tenth of "
            "all steps, while the gradients are at their roughest, and falls from there."
        ),
        names=names,
    )
    controls.steps("fit_batch", _("Batch size"), _("Images a step. Smaller: more, noisier steps in an epoch."))


def _data() -> None:
    controls.steps(
        "fit_validation",
        _("Validation images"),
        _(
            "The last so many of the training half. It never trains on them: they show whether it learned digits or "
            "only these pictures. The test half is kept for the Evaluate page."
        ),
        names=_SHOWN,
    )
    controls.choice(
        "fit_augmentation",
        _("Augmentation"),
        _(
            "Light: each image a little turned, moved and zoomed, differently every time. As people draw: also slashed "
            "zeros, ones with flag and foot, crossed sevens, other pens."
        ),
        names=settings.said(_NAMES),
    )
    controls.number(
        "fit_seed",
        _("Seed"),
        _(
            "The same seed: the same start weights and the same order of images, so that two runs which differ in one "
            "setting can be compared fairly."
        ),
    )


def _loss() -> None:
    names = settings.said(_NAMES)
    controls.select("fit_loss", _("Loss"), _("What it is to make small."))
    controls.several(
        "fit_metrics", _("Also measure"), _("Accuracy always is. The optimizer looks at none of them."), names
    )
    controls.choice(
        "fit_engine",
        _("Engine"),
        _("Keras' `fit`, or the loop written out with tf.GradientTape. Same numbers: compare two runs."),
        names=names,
    )
    controls.choice(
        "fit_precision",
        _("Precision"),
        _("Auto measures a step in float32 and in mixed_bfloat16 on this machine and takes the faster one."),
        names=names,
    )


def _started(spec: TrainingSpec) -> None:
    try:
        run = queue.start(spec, st.session_state.get("train_name") or "", visitor.owner())
    except folders.RunError as error:
        st.session_state[_STARTED] = str(error)
        return
    st.session_state["train_name"] = ""
    aloud.say(_("{run}: its training was started.", run=run.name))
    batches = min(spec.epochs * spec.batches, settings.MOST_BATCHES)
    state.put({"train_part": "watch", "train_run": run.id, "train_epoch": spec.epochs, "train_batch": batches})


def _labels(spec: TrainingSpec) -> None:
    """How this loss wants the label, and what it says of a network that knows nothing."""
    label = digit.chosen().label
    encoded = data.encode(np.array([label]), spec.one_hot)[0]
    written = f"[{', '.join(f'{value:g}' for value in encoded)}]" if spec.one_hot else str(int(encoded))
    blind = text.number(diagnosis.blind_loss(spec.loss))
    st.header(_("What this loss compares"), anchor=False)
    rows = [
        (_("the label of a {digit}", digit=label), f"`{written}`", tables.code(f"{encoded.dtype} {encoded.shape}")),
        (_("the network's answer"), _("ten probabilities that sum to 1"), tables.code(f"float32 {(CLASSES,)}")),
        (_("the loss where all ten are 0.1"), tables.code(blind), _FORMULAS[spec.loss]),
    ]
    st.markdown(tables.markdown((_("what"), _("value"), _("dtype and shape, or formula")), rows))
    st.caption(_(_LOSS_SAYS[spec.loss]))


_FORMULAS = {
    "sparse_categorical_crossentropy": "−ln 0.1",
    "categorical_crossentropy": "−ln 0.1",
    "binary_crossentropy": "−(ln 0.1 + 9 · ln 0.9) / 10",
}
_LOSS_SAYS = {
    "sparse_categorical_crossentropy": N_(
        "Labels stay whole numbers; the loss is −ln of the probability of the right digit. The right choice for one "
        "digit out of ten."
    ),
    "categorical_crossentropy": N_(
        "The same number as the sparse one, but it wants each label as ten numbers (one-hot). With whole numbers Keras "
        "refuses: the shapes do not fit."
    ),
    "binary_crossentropy": N_(
        "Ten separate yes-or-no questions, averaged: the numbers are smaller and cannot be compared with the other "
        'two. It also wants one-hot labels. metrics=["accuracy"] still is the share of right digits: Keras chooses by '
        "the shape of output and labels, and takes CategoricalAccuracy for ten outputs. Only "
        'metrics=["binary_accuracy"] compares each output with one half, and says 90 % of an answer of ten zeros. '
        "Where the network ends in softmax, Keras takes the numbers before it and passes each through sigmoid: the "
        "loss begins near ln 2 = 0.693, and 0.3251 is what a network reaches that knows only that each digit is one in "
        "ten."
    ),
}
