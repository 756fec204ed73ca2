"""Tools that ask first, and files that go with a question."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.pages.app import App
from tests.support.scripted_model import ScriptedModel

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"


def test_a_tool_that_asks_first_waits_for_the_person(root: App) -> None:
    page = root.page
    page.goto("/agents/new")
    page.get_by_label("Name", exact=True).fill("Careful")
    page.get_by_label("Instructions").fill("Compute.")
    page.get_by_label("Python").check()
    page.get_by_label("Ask the person first").check()
    page.get_by_role("button", name="Create and deploy").click()
    expect(page.get_by_role("heading", level=1, name="Careful")).to_be_visible()
    page.get_by_role("link", name="Ask", exact=True).click()

    order = '{{call run_python {"code": "6 * 7"}}} {{say The answer is 42.}}'
    root.chat.ask(f"Compute. {order}")
    card = page.get_by_role("region", name="May the agent do this?")
    expect(card).to_contain_text("6 * 7")
    # It waits in the database: a reload, or another device, finds it again.
    page.reload()
    card.get_by_role("button", name="Allow").click()
    expect(root.chat.answers.last).to_contain_text("The answer is 42.")
    expect(root.chat.answers).to_have_count(1)

    root.chat.wait_until_done()
    root.chat.ask(f"And again. {order}")
    card.get_by_role("button", name="Refuse").click()
    expect(root.chat.answers.last).to_contain_text("The answer is 42.")
    root.chat.answers.last.get_by_text("Run a Python program").click()
    expect(root.chat.answers.last).to_contain_text("You refused this.")


def test_files_are_chosen_pasted_and_dropped(ada: App, tmp_path: Path, model: ScriptedModel) -> None:
    page = ada.page
    note = tmp_path / "note.txt"
    note.write_text("The coop has a blue door.")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(note)
    for kind in ("paste", "drop"):
        page.evaluate(
            """([kind, pixel]) => {
              const data = new DataTransfer()
              const bytes = Uint8Array.from(atob(pixel), (letter) => letter.charCodeAt(0))
              data.items.add(new File([bytes], `${kind}.png`, { type: 'image/png' }))
              const event = kind === 'paste'
                ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true })
                : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              document.getElementById('question').dispatchEvent(event)
            }""",
            [kind, PIXEL],
        )
        expect(page.get_by_role("button", name=f"Take {kind}.png away")).to_be_visible()
    page.get_by_role("button", name="Take drop.png away").click()

    ada.chat.ask_and_wait("What colour is the door?")

    assert "The coop has a blue door." in str(model.requests[-1]["messages"])
    question = ada.chat.questions.last
    expect(question).to_contain_text("note.txt")
    page.reload()
    expect(question.get_by_role("img", name="paste.png")).to_be_visible()
    assert question.get_by_role("img").evaluate("image => image.naturalWidth") == 1


def test_what_was_said_is_found_and_opened(ada: App) -> None:
    ada.chat.ask_and_wait("A question about nothing {{say The capercaillie eats needles.}}")
    ada.chat.open()
    ada.page.get_by_label("Search conversations").fill("capercai")
    expect(ada.conversations).to_have_count(1)
    expect(ada.conversations.first).to_contain_text("capercaillie eats needles")
    ada.conversations.first.click()
    expect(ada.chat.answers.last).to_contain_text("needles")


def test_a_draft_is_tried_before_it_is_deployed(root: App) -> None:
    page = root.page
    page.goto("/agents/new")
    page.get_by_label("Name", exact=True).fill("Half made")
    page.get_by_label("Instructions").fill("Speak as a duck.")
    page.get_by_role("button", name="Create as a draft and try it").click()
    trial = page.get_by_role("region", name="Try it")
    trial.get_by_role("textbox", name="Your question").fill("Who are you? {{say Quack.}}")
    trial.get_by_role("button", name="Send").click()
    expect(trial.get_by_role("article", name="Answer", exact=True)).to_contain_text("Quack.")
    expect(root.conversations.filter(has_text="Who are you? {{say Quack.}}")).to_have_count(0)
    expect(page.get_by_text("Nothing has been deployed yet")).to_be_visible()

    page.reload()
    expect(page.get_by_label("Instructions")).to_have_value("Speak as a duck.")
    page.get_by_role("button", name="Deploy a new version").click()
    expect(page.get_by_role("region", name="Versions")).to_contain_text("answering")
