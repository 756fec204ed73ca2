"""The life of an agent in the web app."""

from collections.abc import Callable

from playwright.sync_api import Page, StorageState, expect

from tests.e2e.pages.agents import AgentsPage
from tests.e2e.pages.app import App
from tests.support.scripted_model import ScriptedModel


def test_made_changed_brought_back_paused_and_deleted(root: App, model: ScriptedModel) -> None:
    agents = AgentsPage(root.page)
    agents.create("Hen keeper", "Answer as a keeper of hens.")
    expect(agents.version(1)).to_contain_text("answering")

    agents.deploy("Answer as a keeper of geese.", "Geese")
    expect(agents.version(2)).to_contain_text("answering")
    agents.version(2).get_by_role("button", name="Changes").click()
    difference = root.page.get_by_role("dialog", name="What version 2 changed")
    expect(difference).to_contain_text("added: Answer as a keeper of geese.")
    expect(difference).to_contain_text("removed: Answer as a keeper of hens.")
    difference.get_by_role("button", name="Close").click()

    agents.version(1).get_by_role("button", name="Use this one").click()
    expect(agents.version(1)).to_contain_text("answering")
    expect(root.page.get_by_label("Instructions")).to_have_value("Answer as a keeper of hens.")

    root.page.get_by_role("link", name="Ask", exact=True).click()
    root.chat.ask_and_wait("Who are you?")
    assert "keeper of hens" in str(model.requests[-1]["messages"])

    root.page.goto("/agents/hen-keeper")
    root.page.get_by_role("button", name="Pause").click()
    expect(root.page.get_by_role("button", name="Go on")).to_be_visible()
    root.choose_in_menu(root.page.get_by_role("button", name="More about this agent"), "Delete")
    root.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(root.page.get_by_role("heading", name="Agents")).to_be_visible()
    expect(root.page.get_by_text("Hen keeper")).to_have_count(0)


def test_a_member_makes_an_agent_for_themselves(ada: App, new_person: Callable[..., App]) -> None:
    AgentsPage(ada.page).create("My own helper", "Be kind.")
    bob = new_person("Bob")
    bob.page.goto("/agents")
    expect(bob.page.get_by_role("heading", name="Guide")).to_be_visible()
    expect(bob.page.get_by_text("My own helper")).to_have_count(0)


def _trial(page: Page, question: str) -> None:
    box = page.get_by_role("region", name="Try it").get_by_role("textbox", name="Your question")
    box.fill(question)
    box.press("Enter")


def test_two_who_edit_one_agent_overwrite_nothing(
    root: App, open_page: Callable[..., Page], administrator: StorageState
) -> None:
    AgentsPage(root.page).create("Shared work", "The first words.")
    other = open_page(storage_state=administrator)
    other.goto("/agents/shared-work")
    mine, theirs = root.page.get_by_label("Instructions"), other.get_by_label("Instructions")
    expect(theirs).to_have_value("The first words.")

    # Drafts: the second one is told of the first, nothing is asked, and the question stays in its box.
    theirs.fill("Their draft.")
    _trial(other, "Hello? {{say Theirs.}}")
    expect(other.get_by_role("article", name="Answer", exact=True)).to_contain_text("Theirs.")
    mine.fill("My draft.")
    _trial(root.page, "Hello? {{say Mine.}}")
    told = root.page.get_by_role("alert").filter(has_text="Another draft of this agent was saved")
    expect(told).to_contain_text("Your changes are still in the form.")
    told.get_by_role("button", name="Compare").click()
    difference = root.page.get_by_role("dialog", name="What you have changed against it")
    expect(difference).to_contain_text("removed: Their draft.")
    expect(difference).to_contain_text("added: My draft.")
    difference.get_by_role("button", name="Close").click()
    told.get_by_role("button", name="Continue with that draft").click()
    expect(mine).to_have_value("Their draft.")
    root.page.get_by_role("button", name="Bring it back").click()
    expect(mine).to_have_value("My draft.")
    root.page.get_by_role("region", name="Try it").get_by_role("button", name="Send").click()
    expect(root.page.get_by_role("article", name="Answer", exact=True)).to_contain_text("Mine.")

    # The other one's draft was overtaken now; a refusal of its own is told also where nothing is asked.
    theirs.fill("Their second draft.")
    _trial(other, "Again? {{say Theirs.}}")
    overtaken = other.get_by_role("alert").filter(has_text="Another draft of this agent was saved")
    overtaken.get_by_role("button", name="Replace it with mine").click()
    expect(overtaken).to_have_count(0)
    root.page.get_by_role("button", name="Pause").click()
    expect(told).to_be_visible()
    told.get_by_role("button", name="Replace it with mine").click()
    expect(told).to_have_count(0)
    root.page.get_by_role("button", name="Go on").click()

    # Versions: a form with changes is not replaced, and does not deploy over what it has not seen.
    theirs.fill("Deployed by another.")
    other.get_by_role("button", name="Deploy a new version").click()
    expect(other.get_by_role("status").filter(has_text="Version 2 answers now.")).to_be_visible()
    root.page.get_by_role("button", name="Deploy a new version").click()
    newer = root.page.get_by_role("alert").filter(has_text="Version 2 was deployed meanwhile")
    newer.get_by_role("button", name="Keep mine").click()
    expect(mine).to_have_value("My draft.")
    root.page.get_by_role("button", name="Deploy a new version").click()
    expect(root.page.get_by_role("status").filter(has_text="Version 3 answers now.")).to_be_visible()


def test_what_stands_in_the_form_outlasts_a_reload(root: App) -> None:
    AgentsPage(root.page).create("Half done", "The first words.")
    form = root.page.get_by_label("Instructions")
    form.fill("Not deployed yet.")
    root.page.reload()
    expect(form).to_have_value("Not deployed yet.")
    root.page.get_by_role("button", name="Discard it").click()
    expect(form).to_have_value("The first words.")


def test_what_somebody_typed_is_gone_when_they_log_out(new_person: Callable[..., App]) -> None:
    app = new_person()
    app.chat.question.fill("Something private")
    app.log_out()
    kept = app.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('roost-draft'))")
    assert kept == []


def test_a_conversation_goes_on_with_its_own_agent(root: App, model: ScriptedModel) -> None:
    AgentsPage(root.page).create("Gardener", "You keep the garden.")
    AgentsPage(root.page).create("Miller", "You keep the mill.")
    root.chat.open("/?agent=gardener")
    answer = root.chat.ask_and_wait("What grows here? {{say Beans.}}")
    address = root.page.url
    answer.get_by_role("button", name="Details of this answer").click()
    expect(root.page.get_by_text("Gardener, version 1")).to_be_visible()

    root.chat.open("/")
    root.page.get_by_role("button", name="Agent:").click()
    root.page.get_by_role("menuitemradio", name="Miller").or_(root.page.get_by_role("menuitem", name="Miller")).click()
    root.page.goto(address)
    expect(root.chat.answers).to_have_count(1)
    root.chat.ask_and_wait("And what else? {{say Peas.}}")
    assert "You keep the garden." in str(model.requests[-1]["messages"])
